"""Signing in, where accounts are on."""

from django.contrib.auth.views import LoginView


class SignIn(LoginView):
    template_name = "account/login.html"
    redirect_authenticated_user = True
