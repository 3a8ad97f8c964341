"""What an obligation is called in a calendar; of persons nothing is said."""

from __future__ import annotations

KINDS: dict[str, tuple[str, str]] = {
    "acknowledge-report": ("签收学习报告", "Acknowledge a study report"),
    "consult-plan": ("就培养方案听取学员意见", "Say what you think of the training plan"),
    "decide-proposal": ("答复接收建议", "Answer a proposed placement"),
    "finish-sector-task": ("完成部门协助事项", "Finish a task for a placement"),
    "record-arrival": ("登记学员报到", "Record an arrival"),
    "record-pre-contact": ("登记导师与学员对接", "Record the mentor's first contact"),
    "sign-agreement": ("签署培养协议", "Sign the agreement"),
    "submit-report": ("提交学习报告", "Hand in a study report"),
}
"""Kind → (Chinese, English)."""

NAME = ("待办事项", "Obligations")


def summary(kind: str, locale: str) -> str:
    """The line that a calendar shows; a kind without words of its own is shown by its code."""
    chinese, english = KINDS.get(kind, (kind, kind.replace("-", " ").capitalize()))
    return chinese if locale.startswith("zh") else english
