"""What can go wrong between us and Atlas Cloud.

AtlasError
├── NotSent            nothing left this machine: safe to send again
│   └── NoKey          it needs a key and there is none
├── OutcomeUnknown     it was sent and no clear answer came: it may be running, and charged
├── Unreachable        a question (never a submit) got no usable answer: safe to ask again
├── Refused            Atlas said no
│   ├── InvalidKey     401, 403
│   ├── OutOfCredit    402
│   ├── RateLimited    429, and 503 in Atlas' own words
│   ├── Blocked        somebody in between answered: a redirect, or 403 in HTML
│   └── InvalidRequest 400, 404, 413, 422, 451
│       └── NotFound   404
├── UnexpectedReply    a success whose body is not what the contract promises
├── NotUploaded        a picture did not reach Atlas Cloud: safe to send again, an upload costs nothing
├── NoHelp             a text model gave no better prompt, and the old one stands
└── NotFetched         the bytes of a result could not be had
    ├── Gone           its link has expired
    ├── Interrupted    the transfer broke: safe to fetch again
    └── Forbidden      the link breaks our own rules: never fetched

A generation that fails is not an error: it is a Prediction whose status is FAILED.
``str(error)`` is for the log, ``error.explanation`` for the screen. Neither ever holds the key.
"""

from atlas.language import later, tr


class AtlasError(Exception):
    """``code`` is Atlas' own number (HTTP or envelope), ``request_id`` what its support asks for."""

    advice = later("Something went wrong with Atlas Cloud. Press Retry.")

    def __init__(self, reason: str, *, code: int | None = None, request_id: str | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.request_id = request_id

    @property
    def explanation(self) -> str:
        """The advice, with the provider's own words where it gave some."""
        return tr(self.advice)


class NotSent(AtlasError):
    advice = later(
        "Atlas Cloud could not be reached, so nothing was sent or charged. Check the connection, then press Retry."
    )


class NoKey(NotSent):
    advice = later(
        "No Atlas Cloud key is set, so nothing was sent. Set ATLASCLOUD_API_KEY, restart the app, then press Retry."
    )


class OutcomeUnknown(AtlasError):
    advice = later(
        "The request was sent but no clear answer came back, so it may be running and may have been charged. "
        "It is not sent again by itself: look at your Atlas Cloud history before you press Send again."
    )


class Unreachable(AtlasError):
    advice = later("Atlas Cloud does not answer at the moment. The question is repeated by itself.")


class Refused(AtlasError):
    advice = later("Atlas Cloud refused the request. Change it, then press Retry.")

    @property
    def explanation(self) -> str:
        return tr("{advice} Atlas Cloud says: “{said}”").format(advice=tr(self.advice), said=self)


class InvalidKey(Refused):
    advice = later(
        "Atlas Cloud refused the key. Check ATLASCLOUD_API_KEY, and ATLASCLOUD_BASE_URL if you set it, "
        "restart the app, then press Retry."
    )


class OutOfCredit(Refused):
    advice = later(
        "The Atlas Cloud account is out of credit. Top it up at www.atlascloud.ai/console/billing, then press Retry."
    )


class RateLimited(Refused):
    """``retry_after_s`` is the pause asked for; only the billing part ever names one (atlas-api.md §10)."""

    advice = later("Atlas Cloud asks for a slower pace. The request is sent again by itself in a moment.")

    def __init__(
        self,
        reason: str,
        *,
        code: int | None = None,
        request_id: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(reason, code=code, request_id=request_id)
        self.retry_after_s = retry_after_s


class Blocked(Refused):
    advice = later(
        "Something between this machine and Atlas Cloud answered in its place, so nothing was made or charged. "
        "Check ATLASCLOUD_BASE_URL and your network, then press Retry."
    )


class InvalidRequest(Refused):
    advice = later("Atlas Cloud did not accept this request. Change the prompt or the settings, then press Retry.")


class NotFound(InvalidRequest):
    advice = later("Atlas Cloud does not know this model or this request. Choose another model, then press Retry.")


class UnexpectedReply(AtlasError):
    advice = later(
        "Atlas Cloud answered in a way this program does not understand. Press Retry, or look for a newer version."
    )


class NotUploaded(AtlasError):
    advice = later(
        "The picture could not be uploaded to Atlas Cloud; nothing was charged. Check the connection, then try again."
    )


class NoHelp(AtlasError):
    """``str(error)`` is a sentence for the person here: why there is no better prompt, and what to do."""

    advice = later("Your prompt is unchanged.")

    @property
    def explanation(self) -> str:
        return f"{tr(self.advice)} {self}"


class NotFetched(AtlasError):
    advice = later("The image was made but could not be fetched. Press Check again.")


class Gone(NotFetched):
    advice = later(
        "The image was made, but its link at Atlas Cloud has expired. Press Check again to ask for a new one."
    )


class Interrupted(NotFetched):
    advice = later("The image was made, but fetching it was interrupted. Press Check again.")


class Forbidden(NotFetched):
    advice = later(
        "The image was made, but its link points somewhere this program does not fetch from. Press Check again."
    )


def refusal(code: int) -> type[Refused]:
    """The kind of refusal an HTTP or envelope code stands for (atlas-api.md §13.2)."""
    kinds: dict[int, type[Refused]] = {
        400: InvalidRequest,
        401: InvalidKey,
        402: OutOfCredit,
        403: InvalidKey,
        404: NotFound,
        413: InvalidRequest,
        422: InvalidRequest,
        429: RateLimited,
        451: InvalidRequest,
    }
    return kinds.get(code, Refused)
