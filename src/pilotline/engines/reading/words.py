"""What the engine knows of Chinese and English beyond the vocabulary: negation, state, money."""

import re

# Nouns that own a quantity next to them and are no process condition.
# fmt: off
FOREIGN = (
    "纯度", "收率", "产率", "转化率", "选择性", "含量", "浓度", "固含量", "水分", "含水率",
    "合格率", "良率", "密度", "比表面积", "分子量", "熔点", "沸点", "过滤面积", "换热面积",
    "传热面积", "膜面积", "闪点", "凝固点", "分解温度", "玻璃化温度", "玻璃化转变温度", "自燃点",
    "软化点", "压降", "压差", "温差", "误差", "毛利率", "增长率", "占比", "能耗", "电耗", "寿命",
    "保质期", "孔径", "波长", "直径", "丝径", "内径", "外径", "目数", "孔隙率", "强度",
    "储存温度", "贮存温度", "保存温度", "存放温度", "运输温度", "环境温度", "室外温度", "粒径变化",
    "能量密度", "比容量", "purity", "yield", "conversion", "selectivity", "content",
    "concentration", "density", "moisture", "molecular weight", "melting point", "boiling point",
    "flash point", "glass transition", "pore size", "wavelength", "diameter",
    "storage temperature", "stored at", "storage at", "outdoor temperature", "shear strength",
    "tensile strength", "bond strength", "pressure drop", "lifetime", "shelf life", "filter area",
    "membrane area",
)
# fmt: on

# Words of equipment: a material named beside one is what the equipment is made of.
EQUIPMENT = re.compile(
    r"釜|罐|搪|塔|柱|管|槽|衬|器|设备|装置|泵|坩埚|炉|lined|lining|vessel|reactor|tank|equipment|"
    r"autoclave|column|piping|wetted|made of|crucible",
    re.IGNORECASE,
)

VESSEL = re.compile(r"釜|罐|衬|设备|vessel|reactor|lined|lining|wetted", re.IGNORECASE)

# A quantity of storage, and of the surroundings unless these are tested.
KEPT = re.compile(
    r"\s?(?:以下|下|条件下?|环境下?)?(?:避光|密封|密闭|冷冻)?(?:保存|储存|存放|贮存|贮藏|储藏|冷藏|运输)(?!试验|测试)"
    r"|\s(?:storage|stored)\b"
)
AMBIENT = re.compile("环境温度|室外温度|outdoor temperature")
TESTED = re.compile(r"试验|测试|检测|\btest", re.IGNORECASE)

BREAK = re.compile(r"[。;!?\n；！？]|\.(?=\s|$)")
PAUSE = re.compile(r"[,，]")

NEGATOR = re.compile(
    r"不需要|无需|无须|不需|不必|不用|不要求|不涉及|不含|不使用|不采用|不包括|不包含|不做|不考虑|不产生|"
    r"较(?=[^,，。；;]{1,8}(?:降低|减少|节约|节省|提高|提升|下降|缩短))|"
    r"不能用|不能使用|不可用|不可使用|不得|避免|防止|禁止|禁用|杜绝|并非|而非|不是|暂不|"
    r"\bwithout\b|\bno\b(?! (?:less|more|later|fewer))|"
    r"\bnot\b(?! (?:less|more|only|later|exceed|below|above))|"
    r"\bdon't\b|\bdoesn't\b|\bnon-?(?=\w|\s)|\bfree (?:of|from)\b|\bavoid(?:s|ing)?\b|"
    r"\bless [a-z]+ than\b|\blower [a-z]+ than\b|\bcompared (?:to|with)\b|"
    r"\bexcept\b|\bexcluding\b|\bneither\b|\bnor\b|\brather than\b|\binstead of\b",
    re.IGNORECASE,
)
CONTRAST = re.compile(
    r"(?:降低|减少|节约|节省|缩短|下降|提高|提升)(?=[了约近]?\s?[0-9])|但|而是|只需|仅需|需要|须|改为|\bbut\b|\bonly\b",
    re.IGNORECASE,
)
NEGATED_AFTER = re.compile(
    r"[^,，。；;、]{0,5}?(?:不作要求|不做要求|无要求|没有要求|没有特[殊别]要求|无特[殊别]要求|不要求|"
    r"不需要|不做|不进行|不限|非必[须需]|不是必[须需]|可不考虑)(?=[,，。；;、\s]|$)"
    r"|[^,，。；;、]{0,8}?(?:除外|相比)"
    r"|(?: [a-z-]+){0,2} (?:is|are) (?:not |un)(?:required|needed|necessary)",
    re.IGNORECASE,
)
NEGATING_LETTER = "无非免未不抗防阻"

BACKGROUND = re.compile(
    r"小试|实验室(?:阶段|规模|条件|级|内|里|已|中|(?=[^\s,，、。；;]{1,5}[0-9]))|"
    r"已(?:完成|经|实现|在|打通|制备|获得|验证|合成|取得|通过|开展)|现有|目前|当前|原有|此前|以往|前期|"
    r"产业化后|产业化阶段|规划建设|拟建设?|建成|投产|市场|"
    r"\blab(?:oratory)?[- ]scale\b|\bbench(?:[- ]scale|top)?\b|\bcurrent(?:ly)?\b|\bat present\b|"
    r"\bexisting\b|\bso far\b|\bh(?:as|ave) been\b|\balready\b|\bin the lab(?:oratory)?\b|"
    r"\bdemonstrated\b|\bproven (?:at|in|on)\b|\bstable (?=at\b|up\b)|"
    r"\bw(?:as|ere) (?:run|done|tested|carried out)\b|"
    r"\bfuture plant\b|\bcommercial plant\b",
    re.IGNORECASE,
)
BACKGROUND_AFTER = re.compile(
    r"\s?级?的?(?:小试|实验室|lab\b|lab[- ]scale|laboratory|bench|in the lab)"
    r"|[^,，。；;、]{0,8}?(?:稳定(?!运行|性|供|生产|输|控|工作|进料|化)|已?跑通|已验证|已完成|验证通过)",
    re.IGNORECASE,
)
NEEDED = re.compile(
    r"需|要求|希望|寻求|寻找|求|拟在|拟开展|拟进行|计划|放大[到至]|扩大[到至]|提高[到至]|中试(?!前)|目标|"
    r"\bneed|\brequire|\blooking for\b|\bseek|\bwant|\bscale[- ](?:it )?up to\b|\bshould\b|"
    r"\bmust\b|\bpilot\b|\btarget\b",
    re.IGNORECASE,
)
# What is welcome: the mark stands before it in the clause, or closes the clause before it.
WISHED = re.compile(
    r"(?:如有可能|如果?可以|可能的话|有条件的话|如有条件|\bideally|\bif (?:possible|available))"
    r"[,，]?\s?|最好|优先|尽量|尽可能|倾向|如能|若能|"
    r"\bpreferabl[ey]|\bprefer(?:red|s|ence)?\b|\bnice to have",
    re.IGNORECASE,
)
WISHED_AFTER = re.compile(
    r"优先|为佳|更佳|最佳|更好|最好|\bpreferred|\bdesirable|\bwelcome\b|\boptional|\bif possible|"
    r"\b(?:a plus|an advantage)\b|\bwould be (?:nice|ideal|good)",
    re.IGNORECASE,
)
HOPED = re.compile(r"希望|期望|\bhopefully|\bhope to|\bwould like", re.IGNORECASE)
DEMANDED = re.compile(
    r"需(?!求)|要求|必须|须|\bneed|\brequire|\bmust\b|\blooking for\b|寻求|寻找", re.IGNORECASE
)
NAMED_BODY = re.compile(
    r"[^,，。；;、\s]{0,14}?(?:公司|大学|学院|研究院|研究所|集团|企业|厂家|团队|高校|医院|园区内?企业)"
    r"|市?(?:某|一家)"
    r"|(?: [A-Z][\w&-]*){0,3} (?:University|Institute|Company|Co\b|Ltd|Group|College)"
)
SUNSHINE = re.compile(r"时间|时长|时数|强度|量")
WISHED_PLACE = re.compile(
    r"位于|希望|优先|最好|地点|落地|就近|附近|周边|在|区域|\bin\b|\bnear\b|\bclose to\b|\bprefer",
    re.IGNORECASE,
)

RATE = re.compile(
    r"(?:每|单)?(?P<period>小时|时|天|日|周|月|年|批次?|釜|分钟)(?:均)?(?:产|处理|加工|生产|供应|蒸发|投料|投入)?"
    r"(?:能力|产能|规模|能|量)?(?:约|为|达到?|不低于|不少于|不小于|至少|≥|:|：|\s)*$"
    r"|(?P<daily>annual|yearly|daily|hourly|weekly|monthly)\b[a-z ]{0,30}?(?:of|:)?\s*$",
    re.IGNORECASE,
)
RATE_LEAD = re.compile(
    r"每|单批|年[产处供]|日[产处供均加]|时产|月[产处供]|annual|yearly|daily|hourly|weekly|monthly",
    re.IGNORECASE,
)
PERIODS = {
    "小时": "h", "时": "h", "天": "d", "日": "d", "周": "week", "月": "month", "年": "year",
    "批": "batch", "批次": "batch", "釜": "batch", "分钟": "min", "annual": "year",
    "yearly": "year", "daily": "d", "hourly": "h", "weekly": "week", "monthly": "month",
}  # fmt: skip

BUDGET = re.compile(
    r"预算|经费|资金|投入|费用|出资|悬赏|榜金|报价|出价|总价|合同额|意向金额|支付|"
    r"\bbudget|\bfund|\bcost|\bprice|\bspend|\bpay\b|\bup to\b",
    re.IGNORECASE,
)
NO_BUDGET = re.compile(
    r"产值|营收|营业收入|销售|市场|利润|税|补贴|注册资本|融资|固定资产|总投资|投资额|设备价值|"
    r"成本降|节约|节省|罚款|\bturnover|\brevenue|\bmarket|\bsales|\bprofit|\bcapital|\bsav",
    re.IGNORECASE,
)
LASTING = re.compile(
    r"周期|工期|为期|历时|耗时|时长|持续|\bduration|\blast|\btakes?\b|\bfor\b", re.IGNORECASE
)
HIGHEST = re.compile(r"(?:最高|最大|上限|maximum|max\.?|highest|peak)\s*$", re.IGNORECASE)
LOWEST = re.compile(r"(?:最低|最小|下限|minimum|min\.?|lowest)\s*$", re.IGNORECASE)
