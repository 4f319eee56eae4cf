"""The list of all routes for docs/reference.

python -m pilotline.web.api.reference > docs/reference/api.md
"""

import django


def reference() -> str:
    """The page: every route, who may use it and what it does."""
    from pilotline.web.api.documentation import operations, schema

    whole = schema("en")
    lines = [
        "# Routes of the API",
        "",
        "Made from the declared routes by `python -m pilotline.web.api.reference`; do not edit.",
        "How to use them: [Use the API](../how-to/api.md). With fields and examples: the page",
        "`/api/v1/` of any installation.",
    ]
    title = ""
    for path, method, operation in operations(whole):
        if operation["tags"][0] != title:
            title = operation["tags"][0]
            lines += ["", f"## {title}", "", "| | route | who | what |", "|---|---|---|---|"]
        who = ", ".join(operation["x-roles"])
        lines.append(f"| {method.upper()} | `{path}` | {who} | {operation['summary']} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    django.setup()
    print(reference(), end="")
