"""What is printed on papers around their content, in both languages."""

WORDS = {
    "receipt": ("受理回执", "Receipt of acceptance"),
    "number": ("受理编号", "Number"),
    "kind": ("类型", "Kind"),
    "at": ("受理时间", "Accepted"),
    "zone": ("（北京时间）", " (China time)"),
    "applicant": ("申请方", "Applicant"),
    "code": ("统一社会信用代码", "Credit code"),
    "title": ("名称", "Title"),
    "said": (
        "材料齐全，已即时受理。本回执载明所提交的全部内容。",
        "What was handed in is complete and was accepted on arrival. All of it stands below.",
    ),
    "requirements": ("已确认的要求", "Confirmed requirements"),
    "files": ("附件", "Attached files"),
    "size": ("大小", "Size"),
    "check": ("核验", "Check this receipt"),
    "check_how": (
        "扫描二维码或打开下方地址，可核对本回执是否由本系统出具。",
        "Scan the code or open the address below to see whether this receipt is genuine.",
    ),
    "digest": ("内容摘要（SHA-256）", "Digest of the content (SHA-256)"),
    "release": ("依据规则版本", "Rulebook release"),
    "demo": ("演示数据", "DEMONSTRATION DATA"),
    "page": ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
}


def word(name: str, language: str, **values: object) -> str:
    """The words of this name in the reader's language."""
    zh, en = WORDS[name]
    return (zh if language.startswith("zh") else en).format(**values)


def labelled(name: str, text: object, language: str) -> str:
    """A name and what is said of it; a Chinese colon is full-width and takes no space."""
    return f"{name}：{text}" if language.startswith("zh") else f"{name}: {text}"
