"""The sixth door, for programs: versioned JSON under /api/v1/ with the same checks as the pages.

In: requests with `Authorization: Bearer …`, or none for what is public. Out: JSON, problems all
at once in the language of Accept-Language, and the description of itself (OpenAPI and a page).
Routes stand in `routes/`, one file a noun: parse, call one service or query, answer.
"""
