"""Tables of people: users, organisations, who belongs where, who may act as what."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class Users(BaseUserManager["User"]):
    """Makes users; the password is hashed, never stored."""

    def create_user(
        self, username: str, email: str = "", password: str | None = None, **more: object
    ) -> "User":
        user = self.model(username=username, email=self.normalize_email(email), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who can log in. What they may do stands in their grants and memberships."""

    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = Users()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="one_user_a_log_in_name"),
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="one_user_an_email"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username


class Organisation(models.Model):
    """An enterprise, university, institute, facility operator or department.

    Its members are applicants; once it is confirmed and `operates` facilities, operators too.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        CONFIRMED = "confirmed"
        REFUSED = "refused"
        REVOKED = "revoked"

    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, unique=True)
    kind = models.CharField(max_length=40)
    operates = models.BooleanField(default=False)
    region = models.CharField(max_length=6, db_index=True)
    address = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING, db_index=True)
    status_reason = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user belongs to an organisation; an owner may invite and leave the others out."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    is_owner = models.BooleanField(default=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], name="one_membership_a_user_and_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organisation_id}"


class Invitation(models.Model):
    """A one-time code that makes its bearer a member. Only its hash is kept."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    digest = models.CharField(max_length=64, unique=True)
    is_owner = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"to {self.organisation_id} until {self.expires_at:%Y-%m-%d}"


class Grant(models.Model):
    """A role given to a user: expert, authority of a region, sysop.

    Applicants and operators need no grant: they are what their organisation comes for.
    """

    class Role(models.TextChoices):
        EXPERT = "expert"
        AUTHORITY = "authority"
        SYSOP = "sysop"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=12, choices=Role)
    region = models.CharField(max_length=6, blank=True)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "region"], name="one_grant_a_user_role_and_region"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.region}"


class ApiToken(models.Model):
    """A key for programs. Only its hash is kept; scopes narrow what its user may do."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=30), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class Lane(models.Model):
    """Where tries to log in queue up: one a known browser, one a user for all other browsers,
    one an address. See `rules.lanes` for how long a lane makes its tries wait."""

    key = models.CharField(max_length=100, unique=True)
    tries = models.FloatField(default=0)
    last_try = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.tries:.1f}"


class Remembered(models.Model):
    """The table behind Django's cache: what all processes must know alike, such as used codes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "people_remembered"

    def __str__(self) -> str:
        return self.cache_key
