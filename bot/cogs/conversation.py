"""What was asked before a message, as far as Discord shows it to the bot without any privileged intent."""

from __future__ import annotations

import discord

from bot.views.answer_view import question_of

_MAX_TURNS = 4
# Others may have talked in between.
_LOOKED_AT = 30


async def turns_before(message: discord.Message, me: int) -> tuple[str, ...]:
    """Return the earlier questions of a conversation, oldest first.

    In a direct message and in a thread these are the last ones that the bot answered there, after what the
    thread hangs from; elsewhere those along the chain of replies. Each is read from the bot's own answers,
    which show the question they answer.
    """
    try:
        if isinstance(message.channel, discord.Thread):
            questions = await _in_thread(message, message.channel, me)
        elif message.guild is None:
            questions = await _in_history(message, me, 2 * _MAX_TURNS)
        else:
            questions = await _reply_chain(message, me)
    except discord.HTTPException:
        # Without the right to read history there is no conversation, only the question.
        return ()
    return tuple(reversed(questions[:_MAX_TURNS]))


async def _in_history(message: discord.Message, me: int, limit: int) -> list[str]:
    """Return the questions of the answers before a message in its channel, newest first."""
    before = message.channel.history(limit=limit, before=message)
    return [question async for earlier in before if (question := _question(earlier, me))]


async def _in_thread(message: discord.Message, thread: discord.Thread, me: int) -> list[str]:
    """Return a thread's questions, then those that led to it, newest first."""
    questions = await _in_history(message, me, _LOOKED_AT)
    if len(questions) < _MAX_TURNS and isinstance(thread.parent, discord.TextChannel):
        try:
            # A thread has the id of the message that it hangs from.
            start = await thread.parent.fetch_message(thread.id)
        except discord.NotFound:
            return questions
        questions += [question for question in [_question(start, me)] if question]
        questions += await _reply_chain(start, me)
    return questions


async def _reply_chain(message: discord.Message, me: int) -> list[str]:
    """Return the questions of the answers that a message replies to, newest first."""
    questions: list[str] = []
    current = message
    for _ in range(2 * _MAX_TURNS):
        reference = current.reference
        if reference is None or reference.message_id is None:
            break
        earlier = reference.resolved
        if not isinstance(earlier, discord.Message):
            earlier = await current.channel.fetch_message(reference.message_id)
        if question := _question(earlier, me):
            questions.append(question)
        current = earlier
    return questions


def _question(message: discord.Message, me: int) -> str:
    """Return the question that a message answers, if it is one of ours."""
    return question_of(message) if message.author.id == me else ""
