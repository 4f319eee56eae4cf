"""Gateway: papers that can be printed, kept and checked.

In: the frozen content of a receipt. Out: the same as a PDF on A4, with a font of its own, so that
no font needs to be installed; equal content gives equal bytes.
"""
