"""The review desk: what answers an editor. All that changes something is a POST of one of our own pages."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipelines.correct import Changed
from pipelines.corrected_text import lines_of
from pipelines.find_ids import NotFound
from pipelines.reasons import reason_of
from pipelines.server.decision_writer import DecisionWriter
from pipelines.server.editor_sessions import EditorSessions, Outcome, Session, is_token
from pipelines.server.form_body import check_origin, read_form
from pipelines.server.http_replies import EDITOR_HEADERS
from pipelines.server.rate_limit import RateLimit
from transforms.corrections.as_seen import ChangedMeanwhile
from transforms.corrections.check_decision import editor_name
from transforms.corrections.decision import CorrectionRefused
from transforms.serving import edit_pages
from transforms.serving.addresses import Addresses
from transforms.serving.decision_form import Form, first, read_decision
from transforms.serving.edit_pages import DeskView
from transforms.serving.find_incident_id import find_id
from transforms.serving.incident_view import view_incident
from transforms.warehouse import WarehouseBusy, WarehouseError

COOKIE = "strikeledger_editor"
TRIES_AT_ONCE, SECONDS_A_TRY = 5, 12
"""How often a client may send a token: five times at once, then once in twelve seconds."""
AT = Addresses(has_desk=True)
_THEN = re.compile(r"/review(\?case=[\w-]{1,80})?|/incidents/[\w-]{1,80}", re.ASCII)
"""Where a person may be sent after signing in: to our own pages alone."""
_STAYS = ("set", "undo")
"""Decisions after which the same case is shown again: a person may set more, then confirm."""
_HTML = "text/html"
_SIGNED_OUT = "you are not signed in, or your session has ended: nothing was stored"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk needs. ``token``: what opens it. ``tries``: how often a client may send one."""

    writer: DecisionWriter
    sessions: EditorSessions
    token: str
    tries: RateLimit
    tell: Callable[[str], object]


class EditHandlers:
    """Answers editors."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._keeper = desk, desk.writer.keeper

    def routes(self) -> list[Route]:
        """Return the addresses of the desk."""
        return [
            Route("/sign-in", self.sign_in_page, methods=["GET"]),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/review", self.review, methods=["GET"]),
            Route("/incidents/{incident_id}/decide", self.decide, methods=["POST"]),
        ]

    def session_of(self, request: Request) -> Session | None:
        """Return the session of who asks, None where nobody is signed in."""
        cookie = request.cookies.get(COOKIE)
        return None if cookie is None else self._desk.sessions.read(cookie)

    # -- pages ---------------------------------------------------------------------------------------------

    async def sign_in_page(self, request: Request) -> Response:
        """Ask for the token."""
        return self._ask_for_token(then=request.query_params.get("then", ""))

    async def review(self, request: Request) -> Response:
        """Show the queue with one of its cases."""
        session = self.session_of(request)
        if session is None:
            case = request.query_params.get("case", "")
            return _to_sign_in(f"/review?case={case}" if case else "/review")
        asked = request.query_params
        return self._review_page(self._view(session), asked.get("case", ""), asked.get("next", ""))

    def incident(self, session: Session, incident_id: str) -> Response:
        """Return the page of a current incident with the forms that change it."""
        return self._incident_page(self._view(session, incident_id), incident_id)

    # -- changes -------------------------------------------------------------------------------------------

    async def sign_in(self, request: Request) -> Response:
        """Begin a session where the token is right."""
        check_origin(request)
        wait_s = self._desk.tries.wait_s(request.client.host if request.client else "")
        if wait_s:
            raise HTTPException(429, f"too many tries; try again in {wait_s} s", {"Retry-After": str(wait_s)})
        form = await read_form(request)
        then, typed = first(form, "then"), first(form, "editor")
        if not is_token(first(form, "token"), self._desk.token):
            return self._ask_for_token("this is not the token of this server", typed, then, status=403)
        editor = editor_name(typed)
        if editor is None:
            return self._ask_for_token("type your name, in letters that can be read", "", then, status=422)
        answer = _see(then if _THEN.fullmatch(then) else "/review")
        self._set_cookie(request, answer, self._desk.sessions.start(editor))
        return answer

    async def sign_out(self, request: Request) -> Response:
        """End the session."""
        session, _ = await self._checked(request)
        if isinstance(session, Response):
            return session
        self._desk.sessions.end(session)
        answer = _see("/sign-in")
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=_is_https(request))
        return answer

    async def decide(self, request: Request) -> Response:
        """Store a decision about an incident."""
        incident_id = request.path_params["incident_id"]
        session, form = await self._checked(request, then=f"/incidents/{incident_id}")
        if isinstance(session, Response):
            return session
        before = self._keeper.snapshot.stamp
        try:
            decision = read_decision(form)
            changed = await run_in_threadpool(
                self._desk.writer.store, incident_id, decision, session.editor, first(form, "seen")
            )
        except (CorrectionRefused, NotFound) as error:
            if isinstance(error, ChangedMeanwhile):
                await run_in_threadpool(self._keeper.look)
            status = 409 if isinstance(error, ChangedMeanwhile) else 422
            return self._not_stored(session, incident_id, form, str(error), status)
        except WarehouseBusy:
            why = "another run is writing to the ledger: nothing was stored; try again in a moment"
            return self._not_stored(session, incident_id, form, why, 503)
        except WarehouseError as error:
            self._desk.tell(f"a decision about {incident_id} failed: {reason_of(error)}")
            why = "the ledger could not be written; the log of the server says why"
            return self._not_stored(session, incident_id, form, why, 503)
        answer = _see(self._after(session, changed, form, before))
        self._set_cookie(request, answer, self._desk.sessions.renewed(session))
        return answer

    def _after(self, session: Session, changed: Changed, form: Form, before: str) -> str:
        """Keep what came of a decision, and return where the editor goes on."""
        now = changed.before if changed.after is None else changed.after
        self._desk.sessions.keep_outcome(session, Outcome(now.incident_id, list(lines_of(changed)), before))
        if first(form, "from") != "review":
            return "/review" if changed.after is None else AT.incident(now.incident_id)
        following = first(form, "next")
        if first(form, "kind") in _STAYS:
            return f"/review?case={quote(now.incident_id)}&next={quote(following)}"
        return f"/review?case={quote(following)}" if following else "/review"

    async def _checked(self, request: Request, then: str = "/review") -> tuple[Session | Response, Form]:
        """Return the session and the form of a request that may change something.

        Raises:
            HTTPException: the form is not one of our pages.
        """
        check_origin(request)
        form = await read_form(request)
        session = self.session_of(request)
        if session is None:
            return self._ask_for_token(_SIGNED_OUT, "", then, form, 403), form
        if not self._desk.sessions.is_form_token(session, first(form, "token")):
            raise HTTPException(403, "this form is not one of your session: open the page again")
        return session, form

    # -- replies -------------------------------------------------------------------------------------------

    def _view(self, session: Session, incident_id: str | None = None) -> DeskView:
        """Return what the pages of a session hold. ``incident_id``: whose page it is, None for the queue."""
        outcome = self._desk.sessions.outcome(session)
        is_told = outcome is not None and incident_id in (None, outcome.incident_id)
        said = list(outcome.lines) if outcome is not None and is_told else []
        if said and outcome is not None and outcome.before == self._keeper.snapshot.stamp:
            said.append("The pages still show the ledger as it was before; open this page again in a moment.")
        return DeskView(session.editor, self._desk.sessions.form_token(session), said)

    def _not_stored(self, session: Session, incident_id: str, form: Form, why: str, status: int) -> Response:
        """Return the page from which a form came, with all that was typed, and why it was not stored."""
        token = self._desk.sessions.form_token(session)
        view = DeskView(session.editor, token, [why], is_fault=True, form=form)
        now = find_id(self._keeper.snapshot, incident_id).incident_id or incident_id
        if first(form, "from") == "review":
            return self._review_page(view, now, first(form, "next"), status)
        return self._incident_page(view, now, status)

    def _review_page(self, view: DeskView, case: str, next_case: str, status: int = 200) -> Response:
        body = edit_pages.review_page(self._keeper.snapshot, AT, view, case, next_case)
        return _page(body, status)

    def _incident_page(self, desk: DeskView, incident_id: str, status: int = 200) -> Response:
        snapshot = self._keeper.snapshot
        view = view_incident(snapshot, incident_id)
        if view is None:
            raise HTTPException(404, "the ledger has no incident with this id")
        return _page(edit_pages.edited_incident_page(snapshot, view, AT, desk), status)

    def _ask_for_token(
        self, said: str = "", editor: str = "", then: str = "", form: Form | None = None, status: int = 200
    ) -> Response:
        body = edit_pages.sign_in_page(self._keeper.snapshot, AT, said, editor, then, form)
        return _page(body, status)

    def _set_cookie(self, request: Request, answer: Response, session: Session) -> None:
        answer.set_cookie(
            COOKIE, self._desk.sessions.cookie(session), max_age=self._desk.sessions.seconds_left(session),
            httponly=True, samesite="strict", secure=_is_https(request),
        )  # fmt: skip


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https"


def _page(body: bytes, status: int) -> Response:
    return Response(body, status, _editor_headers(), _HTML)


def _see(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, _editor_headers())


def _to_sign_in(then: str) -> Response:
    return _see(f"/sign-in?then={quote(then, safe='/')}")


def _editor_headers() -> Mapping[str, str]:
    return dict(EDITOR_HEADERS)
