"""What an obligation is called in a calendar; of persons nothing is said."""

from __future__ import annotations

KINDS: dict[str, tuple[str, str]] = {
    "acknowledge-report": ("签收学习报告", "Acknowledge a study report"),
    "answer-comments": ("书面答复学员意见", "Answer the trainee's comments on the plan"),
    "answer-filing": ("答复协议备案", "Answer the filing of an agreement"),
    "answer-mission-request": ("答复专家服务团需求", "Answer the request for a mission"),
    "answer-question": ("答复培训班提问", "Answer a question of a class"),
    "approve-mission": ("审批专家服务团", "Approve an expert mission"),
    "attend-pre-training": ("参加训前培训", "Attend the training before departure"),
    "call-class-session": ("登记培训班出勤", "Record who was at a session of a class"),
    "consult-plan": ("就培养方案听取学员意见", "Say what you think of the training plan"),
    "decide-proposal": ("答复接收建议", "Answer a proposed placement"),
    "distribute-material": ("发放培训材料", "Hand out the material of a class"),
    "draft-agreement": ("拟订培养协议", "Draft the agreement"),
    "evaluate-class": ("结束并评估培训班", "Close and evaluate a class"),
    "file-again": ("重新报送协议备案", "Hand in the filing of an agreement again"),
    "file-agreement": ("报送协议备案", "File the agreement"),
    "file-mission-report": ("提交专家服务团总结报告", "File the report of the mission"),
    "answer-findings": ("整改检查发现的问题", "Put right what an inspection found"),
    "follow-up-question": ("研究答复培训班提问", "Answer a question that was left for later study"),
    "register-delegates": ("报名派员参加培训班", "Register delegates for a class"),
    "acknowledge-group-report": ("签收小组报告", "Acknowledge a group report"),
    "conduct-inspection": ("开展检查", "Conduct an inspection"),
    "submit-group-report": ("提交小组报告", "Hand in a group report"),
    "finish-sector-task": ("完成部门协助事项", "Finish a task for a placement"),
    "record-arrival": ("登记学员报到", "Record an arrival"),
    "record-attendance": ("登记训前培训到场情况", "Record who attended the training before departure"),
    "record-pre-contact": ("登记导师与学员对接", "Record the mentor's first contact"),
    "replace-mentor": ("更换导师", "Replace a mentor who leaves"),
    "sign-agreement": ("签署培养协议", "Sign the agreement"),
    "submit-report": ("提交学习报告", "Hand in a study report"),
}
"""Kind → (Chinese, English)."""

NAME = ("待办事项", "Obligations")


def summary(kind: str, locale: str) -> str:
    """The line that a calendar shows; a kind without words of its own is shown by its code."""
    chinese, english = KINDS.get(kind, (kind, kind.replace("-", " ").capitalize()))
    return chinese if locale.startswith("zh") else english
