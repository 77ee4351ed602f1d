"""Dates and spans in the words of the desk (looks: always the weekday on a due day)."""

from __future__ import annotations

from datetime import date

from .workdays import Calendar, weekday


def month_day(day: date, today: date | None = None) -> str:
    """12月4日, with the year where it is not this one."""
    year = f"{day.year}年" if today and today.year != day.year else ""
    return f"{year}{day.month}月{day.day}日"


def with_weekday(day: date, today: date | None = None) -> str:
    """12月4日 周五."""
    return f"{month_day(day, today)} {weekday(day)}"


def in_full(day: date) -> str:
    """2026年12月4日 星期五: for statements and print."""
    return f"{day.year}年{day.month}月{day.day}日 星期{weekday(day)[1]}"


def day_off(day: date, calendar: Calendar) -> str:
    """Why a day that the office sets can't be a day off, naming the next working day; "" for a working day."""
    if calendar.is_working(day):
        return ""
    return f"{with_weekday(day)} 是休息日，下一个工作日是 {with_weekday(calendar.add(day, 1), day)}"


def left_words(today: date, due: date, calendar: Calendar) -> str:
    """剩 3 个工作日 / 今天到期 / 逾期 2 个工作日; 已逾期 on the days off right after the due day.

    A day that was set may be a day off: on the last working day before it none is left, and it is not today.
    """
    days = calendar.left(today, due)
    if today > due:
        return f"逾期 {-days} 个工作日" if days else "已逾期"
    return "今天到期" if today == due else f"剩 {days} 个工作日"
