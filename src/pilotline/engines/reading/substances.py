"""Words that stand inside the name of a substance and do not mean what they say alone.

乙烯 in 氟代碳酸乙烯酯 is no ethylene, 硫化 in 硫化物 and 氯化 in 氯化亚砜 are no operations.
Chinese names of substances are regular enough for two rules; exceptions are data (`unless`).
"""

# The last character of a substance: 乙烯, 甲醇, 丙酮, 硝酸.
_SUBSTANCE = frozenset("烯烷炔醇酮醚酸苯腈酯酚醛胺")
_GOES_ON = frozenset("酯酸醇酮醚腈胺盐酚醛酐肟肼脲基苷酰磺钠钾钙铵锂镁锌铜银树橡")
_OPERATIONS = ("酯化", "醚化", "胺化", "磺化", "酰化", "酯交换", "醇解", "盐析")
_BEFORE_SUBSTANCE = frozenset("聚氯氟溴碘苯酰氨羟硝基偏酸二三四")
# After an operation in 化 these make a compound: 氯化钠, 硫化物, 氧化亚铜, 五氧化二磷.
_COMPOUND = frozenset(
    "物钠钾钙镁铝锌铁铜银锂钡钛锆硅铵氢硼磷碳氮硫镍钴锰钨钼锡铅汞铈镧钇铬钒镓铟金铂钯亚"
)
_COUNTS = frozenset("一二三四五六七八十")


def is_part_of_name(text: str, start: int, end: int) -> bool:
    """True when text[start:end] is only a part of the name of a substance."""
    before, after = text[start - 1 : start], text[end : end + 1]
    last = text[end - 1]
    if last in _SUBSTANCE:
        goes_on = after in _GOES_ON and not text.startswith(_OPERATIONS, end)
        return goes_on or before in _BEFORE_SUBSTANCE
    return last == "化" and (after in _COMPOUND or before in _COUNTS)
