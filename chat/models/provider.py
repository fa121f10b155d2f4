from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from chat.sealing import CannotUnseal, open_ring, seal, unseal

from .identifiers import new_id


class ProviderQuerySet(models.QuerySet["Provider"]):
    def usable_by(self, user: User) -> "ProviderQuerySet":
        """One's own, and those that the operator shares with everybody."""
        return self.filter(Q(owner_id=user.pk) | Q(owner=None), removed=False)


class Provider(models.Model):
    """An OpenAI-compatible endpoint. Without an owner it is the operator's, shared with everybody.

    The key is sealed for this row and this origin: changing the address forgets it.
    """

    class Source(models.TextChoices):
        BUILT_IN = "built-in"
        ENVIRONMENT = "environment"
        FOUND = "found"
        ADDED = "added"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True)
    name = models.CharField(max_length=80)
    base_url = models.CharField(max_length=500)
    dialect = models.CharField(max_length=20, default="openai")
    source = models.CharField(max_length=20, choices=Source.choices, default=Source.ADDED)
    sealed_key = models.TextField(blank=True, default="")
    key_hint = models.CharField(max_length=4, blank=True, default="")
    refreshed_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True, default="")
    # How many requests it is sent at the same time; the others wait for their turn. None: all at once.
    most_at_once = models.PositiveSmallIntegerField(null=True, blank=True)
    removed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["base_url"],
                condition=Q(owner=None, removed=False),
                name="one_shared_provider_per_address",
            ),
            models.UniqueConstraint(
                fields=["owner", "base_url"],
                condition=Q(removed=False),
                name="one_own_provider_per_address",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a key is bound to."""
        url = urlsplit(self.base_url)
        return f"{url.scheme}://{url.netloc}".lower()

    @property
    def key(self) -> str:
        """The key in clear. Only the task that calls the provider asks for it. Raises CannotUnseal."""
        return (
            unseal(open_ring(settings.KEY_RING), self.sealed_key, self._belongs_to())
            if self.sealed_key
            else ""
        )

    @key.setter
    def key(self, secret: str) -> None:
        self.sealed_key = seal(open_ring(settings.KEY_RING), secret, self._belongs_to()) if secret else ""
        # Four characters of a short secret would be too much of it.
        self.key_hint = secret[-4:] if len(secret) >= 12 else ""

    def has_key(self, secret: str) -> bool:
        try:
            return self.key == secret
        except CannotUnseal:
            return False

    def move_to(self, base_url: str) -> None:
        """Change the address. Another origin has no right to the key, so it is forgotten."""
        before = self.origin
        self.base_url = base_url
        if self.origin != before:
            self.key = ""

    def _belongs_to(self) -> str:
        return f"{self.pk} {self.origin}"
