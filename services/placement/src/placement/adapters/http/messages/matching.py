"""Wordings of what is refused about matching."""

from __future__ import annotations

MATCHING: dict[str, str] = {
    "input-not-kept": "该匹配没有保存输入（由人工提出，或早于保存输入的版本）。",
    "matching-already": "该期正在匹配中，请查看任务进度。",
    "run-too-large": "人数过多，请以任务方式匹配。",
}
