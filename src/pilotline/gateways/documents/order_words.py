"""What stands on orders and bills around their content, in both languages."""

WORDS = {
    "order": ("中试订单", "Pilot order"),
    "number": ("订单编号", "Order number"),
    "version": ("文本版本", "Version of the text"),
    "version_of": ("第 {n} 版", "{n}"),
    "amends": ("第 {n} 版（变更第 {old} 版）", "{n} (amends {old})"),
    "kind": ("订单类型", "Kind of order"),
    "name": ("项目名称", "Title"),
    "facility": ("中试平台", "Facility"),
    "case": ("受理编号", "Case"),
    "period": ("履行期限", "Period"),
    "from_to": ("{start} 至 {end}", "{start} to {end}"),
    "applicant": ("申请方（甲方）", "Applicant (party A)"),
    "operator": ("服务方（乙方）", "Provider (party B)"),
    "credit_code": ("统一社会信用代码", "Credit code"),
    "address": ("地址", "Address"),
    "contact": ("联系人", "Contact"),
    "parties": (
        "甲乙双方经协商一致，就下列中试事项订立本订单，共同遵守。",
        "Both parties have agreed on the following and will abide by it.",
    ),
    "scope": ("工作内容", "Scope"),
    "deliverables": ("交付物", "Deliverables"),
    "milestones": ("进度与付款", "Milestones and payments"),
    "price": ("价款", "Price"),
    "shares": ("收益分享", "Shares"),
    "shared_so": (
        "因本订单成果取得的收益，双方按下列比例分享：",
        "What the result of this order earns is shared by these percentages:",
    ),
    "price_so": (
        "本订单价款（含税）为人民币 {figure} 元，大写：人民币{capitals}。",
        "The price of this order, tax included, is CNY {figure} (人民币{capitals}).",
    ),
    "quotation_so": ("依据报价单 {number}。", "It rests on quotation {number}."),
    "extra": ("其他约定", "Further terms"),
    "item": ("序号", "No."),
    "what": ("名称", "What"),
    "amount": ("数量", "Quantity"),
    "standard": ("要求", "Standard"),
    "milestone": ("节点", "Milestone"),
    "due": ("日期", "Day"),
    "payment": ("付款（元）", "Payment (CNY)"),
    "total": ("合计", "Total"),
    "signed": ("签署", "Agreement"),
    "signed_so": (
        "双方已在系统中对同一文本予以确认，确认记录如下。",
        "Both sides agreed to one and the same text in the system, as recorded here.",
    ),
    "unsigned_so": (
        "本文本尚未经双方全部确认，不具有约束力。",
        "Not both sides have agreed to this text yet: it binds nobody.",
    ),
    "by": ("确认人", "Agreed by"),
    "at": ("确认时间", "At"),
    "hash": ("文本摘要", "Hash of the text"),
    "not_yet": ("尚未确认", "not yet"),
    "digest": ("文本摘要（SHA-256）：{digest}", "Hash of this text (SHA-256): {digest}"),
    "release": ("条款依据规则手册第 {n} 版", "Clauses of rulebook release {n}"),
    "note": ("变更说明", "Reason for the amendment"),
    "bill": ("中试服务账单", "Bill"),
    "bill_number": ("账单编号", "Bill number"),
    "issued": ("出具日期", "Issued"),
    "pay_by": ("付款期限", "To be paid by"),
    "payer": ("付款单位", "Payer"),
    "payee": ("收款单位", "Payee"),
    "order_number": ("订单", "Order"),
    "booking": ("预约", "Booking"),
    "service": ("服务项目", "Service"),
    "quantity": ("数量", "Quantity"),
    "unit_price": ("单价（元）", "Price (CNY)"),
    "net": ("金额（元）", "Net (CNY)"),
    "tax": ("税额（元）", "Tax (CNY)"),
    "source": ("计价依据", "Source"),
    "tariff": ("收费标准 {tariff} 第 {version} 版", "tariff {tariff}, version {version}"),
    "quotation": ("报价 {number}", "quotation {number}"),
    "milestone_no": ("订单节点 {n}", "milestone {n}"),
    "whole": ("订单总价", "whole price"),
    "adjustment": ("调整", "Adjustment"),
    "in_capitals": ("价税合计（大写）", "Total in capitals"),
    "in_figures": ("价税合计", "Total"),
    "covered": ("创新券抵扣", "Covered by vouchers"),
    "paid": ("已付", "Paid"),
    "open": ("待付", "Open"),
    "cancelled": (
        "本账单已由红字账单 {number} 冲销：{reason}",
        "This bill was cancelled by credit note {number}: {reason}",
    ),
    "notice": (
        "本账单不是发票。款项由双方自行结算，本系统仅作记录。",
        "This bill is no tax invoice. Payment is made between the parties and only recorded here.",
    ),
}
UNITS = {
    "hour": ("小时", "h"),
    "half_day": ("半天", "half day"),
    "day": ("天", "d"),
    "week": ("周", "week"),
    "month": ("月", "month"),
    "sample": ("样", "sample"),
    "batch": ("批", "batch"),
    "run": ("次", "run"),
    "piece": ("件", "piece"),
    "person_hour": ("人·时", "person-hour"),
    "kg": ("kg", "kg"),
    "kg_day": ("kg·天", "kg·d"),
    "kwh": ("kWh", "kWh"),
    "m3": ("m³", "m³"),
    "tonne": ("吨", "t"),
    "litre": ("L", "L"),
}


def said(name: str, language: str, **values: object) -> str:
    """The words of this name in the reader's language."""
    zh, en = WORDS[name]
    return (zh if language.startswith("zh") else en).format(**values)


def unit(name: str, language: str) -> str:
    zh, en = UNITS.get(name, (name, name))
    return zh if language.startswith("zh") else en
