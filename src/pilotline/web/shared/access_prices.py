"""Who may open the pages of prices and quotations: a part of the one table in access.py."""

PRICES: dict[str, tuple[str, ...]] = {
    "anyone": (
        "public:prices",
        "api:facility-prices",
    ),
    "known": (
        "shared:quotation",
        "shared:quotation-pdf",
        "shared:quotation-decide",
        "api:quotation",
    ),
    "applicant": (
        "applicant:quotations",
        "applicant:price-ask",
        "applicant:price-try",
        "applicant:booking-price",
        "api:facility-price-try",
        "api:my-quotations",
        "api:my-quotation-accept",
        "api:my-quotation-decline",
    ),
    "operator": (
        "operator:quotations",
        "operator:prices",
        "operator:tariffs-export",
        "operator:tariff-list",
        "operator:tariff-list-plan",
        "operator:tariff-list-apply",
        "operator:tariff-list-marked",
        "operator:tariff",
        "operator:tariff-sample",
        "operator:cost",
        "api:operator-quotations",
        "api:operator-quotation-withdraw",
        "api:operator-tariff",
        "api:operator-tariffs",
        "api:operator-tariff-try",
        "api:operator-resource-tariff",
        "api:operator-resource-cost",
    ),
    "authority": (
        "authority:prices",
        "authority:quotations",
        "api:authority-prices",
    ),
}
