from django.urls import include, path

urlpatterns = [path("", include("chat.urls"))]
handler404 = "chat.views.errors.not_found"
handler500 = "chat.views.errors.server_error"
handler400 = "chat.views.errors.bad_request"
