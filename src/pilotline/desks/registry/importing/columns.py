"""The columns a list may have, and all the names people give them.

The first Chinese and the first English name are what an export writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """`names` are compared without blanks, signs and case."""

    key: str
    names: tuple[str, ...]

    @property
    def zh(self) -> str:
        return self.names[0]

    @property
    def en(self) -> str:
        return self.names[1]


def _columns(text: str) -> tuple[Column, ...]:
    # A line that begins with blanks goes on with the names of the one above.
    lines = (line.split(" = ") for line in text.strip().replace("|\n  ", "|").splitlines())
    return tuple(Column(key.strip(), tuple(names.split("|"))) for key, names in lines)


FACILITIES = _columns("""
code = 平台编号|Facility code
name = 平台名称|Facility|name|名称|中试平台名称|中试平台|中试基地|中试基地名称|基地名称|平台
name_en = 平台英文名|Facility name (English)|name_en|英文名称|英文名
operator = 运营单位|Operator|依托单位|建设单位|申报单位|所属单位|承担单位|主体单位|单位名称|单位|
  企业名称|牵头单位
region = 所在城市|City|市|城市|地市|所在市|所在地|区划代码|地区|region|所在设区市
province = 省份|Province|省|所在省
address = 地址|Address|详细地址|平台地址|建设地点
latitude = 纬度|Latitude|lat
longitude = 经度|Longitude|lon|lng
fields = 重点领域|Fields|领域|所属领域|field|产业领域|技术领域|行业领域|方向|行业
chain = 产业链|Chain|所属产业链|标志性产业链
construction_model = 建设模式|Construction model|建设方式
tier_text = 认定层级|Tier|层级|级别|等级|level|平台级别|平台类型|认定级别|类别
tier_date = 认定日期|Recognised on|认定时间|公布日期|公布时间|发布日期
year = 认定年度|Year|年度|年份|year|认定年份
summary = 平台简介|Summary|简介|平台介绍|介绍|建设内容|主要功能
summary_en = 英文简介|Summary (English)
website = 网址|Website|网站|官网|平台网址
contact = 联系人|Contact|联络人|负责人
phone = 联系电话|Phone|电话|手机|联系方式
opened_year = 建成年份|Opened in|投用年份|建成时间|启用年份
status = 状态|Status|发布状态
source_url = 来源|Source|source_url|来源网址|数据来源|出处|链接
source_note = 备注|Note|note|说明|注
""")

RESOURCES = _columns("""
code = 平台编号|Facility code
facility = 平台名称|Facility|所属平台|平台|中试平台|中试平台名称|中试基地|provider|服务机构|机构|
  所属机构|单位名称|所属单位
kind = 资源类别|Kind|类别|资源类型|类型|分类|kind
line = 所属中试线|Line|中试线|所属产线|产线|line|所属线
name = 名称|Name|设备名称|仪器名称|仪器设备名称|设备仪器名称|设备|仪器|仪器设备|
  equipment_or_service|equipment|equipment name|服务名称|服务项目|项目名称|项目|场地名称|
  工艺名称|检测项目|资源名称|name|item|service|中试线名称
name_en = 英文名称|Name (English)|name_en|英文名
model = 型号|Model|设备型号|仪器型号|model
spec = 规格|Specification|规格型号|型号规格|型号/规格|规格/型号|spec|specification|规格参数
parameters = 技术参数|Parameters|参数|主要技术参数|技术指标|主要技术指标|性能指标|主要性能|
  主要参数|能力|服务能力|主要性能指标|指标参数
description = 说明|Description|简介|用途|功能|主要功能|备注|note|设备用途|服务内容|注
maker = 生产厂家|Maker|厂家|厂商|制造商|品牌|生产厂商|制造厂商|manufacturer|产地
made_year = 出厂年份|Year made|购置年份|购置时间|年份|启用年份|year|购置日期|投用时间
area = 面积数|Area in words
headcount = 人数|Headcount|人员数量
title = 职称|Title|职务|岗位
quantity = 数量|Quantity|台数|台套数|套数|数量台|qty|台套
processes = 工艺|Processes|工艺类型|工序|单元操作|process
service_kind = 服务类型|Service kind|服务种类|服务类别
verifications = 验证类型|Verifications|验证|可验证类型|验证环节
fields = 适用领域|Fields|领域|应用领域|field
price = 价格|Price|收费|单价|收费标准|对外价|对外价格|校外价|外部价|价格元|price_external|
  external price|费用|收费标准元|服务价格
price_internal = 内部价|Internal price|校内价|院内价|所内价|price_internal|对内价
price_unit = 计价单位|Price unit|收费单位|单位|unit|计费单位|计量单位
price_note = 价格说明|Price note|收费说明|优惠
currency = 币种|Currency|货币|currency
load = 负荷率|Load|占用率|预订率|未来90天负荷率
load_stated_on = 负荷填报日期|Load stated on
available_from = 可用日期|Available from|可预约日期|最早可用|最早可预约
source_url = 来源|Source|source_url|来源网址|链接|出处
""")

CAPABILITIES = _columns("""
code = 平台编号|Facility code
facility = 平台名称|Facility|所属平台|平台
kind = 资源类别|Kind
line = 所属中试线|Line|中试线
name = 资源名称|Resource|名称|设备名称
model = 型号|Model
attribute = 能力项|Attribute|能力项目|指标|参数名称|指标名称
written = 能力值|Value|指标值|参数值|数值|范围
unit = 单位|Unit
measured_on = 实测日期|Measured on|测定日期|检测日期
evidence = 依据|Evidence|证明材料|检测报告
""")

CERTIFICATES = _columns("""
code = 平台编号|Facility code
facility = 平台名称|Facility|所属平台|平台
kind = 资源类别|Kind
line = 所属中试线|Line|中试线
name = 资源名称|Resource
model = 型号|Model
certificate = 证书类别|Certificate|证书|资质|证书名称|资质名称|资质证书
number = 证书编号|Number|证书号
issuer = 发证机构|Issuer|颁发机构|发证机关
valid_from = 生效日期|Valid from|发证日期|有效期起
valid_to = 失效日期|Valid to|有效期至|有效期止|截止日期|有效期
""")

TIERS = _columns("""
code = 平台编号|Facility code
facility = 平台名称|Facility|平台
tier = 层级|Tier|认定层级|级别
step = 阶段|Step|培育阶段
since = 起始日期|Since|认定日期|认定时间
decided_by = 认定单位|Decided by|认定机关|认定部门
note = 备注|Note|说明
""")

# A sheet is of the kind whose needed columns it has; the first that fits.
KINDS: Mapping[str, tuple[Column, ...]] = {
    "capabilities": CAPABILITIES,
    "certificates": CERTIFICATES,
    "tiers": TIERS,
    "resources": RESOURCES,
    "facilities": FACILITIES,
}
NEEDED: Mapping[str, frozenset[str]] = {
    "capabilities": frozenset({"attribute", "written"}),
    "certificates": frozenset({"certificate"}),
    "tiers": frozenset({"tier", "since", "decided_by"}),
    "resources": frozenset({"name"}),
    "facilities": frozenset({"name"}),
}
SHEET_NAMES: Mapping[str, tuple[str, str]] = {
    "facilities": ("平台", "Facilities"),
    "tiers": ("层级", "Tiers"),
    "resources": ("资源", "Resources"),
    "capabilities": ("能力", "Capabilities"),
    "certificates": ("证书", "Certificates"),
}
KIND_NAMES: Mapping[str, tuple[str, ...]] = {
    "line": ("中试线", "Line", "产线", "生产线", "试验线"),
    "equipment": ("设备", "Equipment", "仪器", "仪器设备", "装置", "设备仪器"),
    "site": ("场地", "Site", "厂房", "车间", "实验室", "用房"),
    "process": ("工艺", "Process", "技术"),
    "service": ("服务", "Service", "服务项目", "检测", "测试"),
    "skill": ("人员技能", "Skill", "人员", "人才", "团队", "技能"),
}
STATUS_NAMES: Mapping[str, tuple[str, str]] = {
    "draft": ("草稿", "draft"),
    "published": ("已发布", "published"),
    "archived": ("已归档", "archived"),
}
