from tests.demo.conftest import Client


def test_both_models_are_listed_with_their_facts(client: Client) -> None:
    listing = client.request("GET", "/models").json()
    assert listing["object"] == "list"
    ngram, showcase = listing["data"]
    assert (ngram["id"], showcase["id"]) == ("demo/ngram", "demo/showcase")
    for model in listing["data"]:
        assert model["object"] == "model"
        assert model["type"] == "chat"
        assert model["context_length"] == 32768
        assert model["pricing"]["input"] == model["pricing"]["output"] == 0
    assert showcase["architecture"]["input_modalities"] == ["text", "image"]
    assert "top_k" in ngram["supported_parameters"]
    assert "tools" not in ngram["supported_parameters"]
    assert "tools" in showcase["supported_parameters"]


def test_one_model_is_found_by_its_name(client: Client) -> None:
    for path in ("/models/demo/ngram", "/models/demo%2Fngram"):
        assert client.request("GET", path).json()["id"] == "demo/ngram"
