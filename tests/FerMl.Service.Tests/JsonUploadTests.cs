using System.Text;
using System.Text.Json.Nodes;

namespace FerMl.Service.Tests;

/// <summary>Images in JSON bodies.</summary>
public sealed class JsonUploadTests : ServiceTests
{
    [TestCase("")]
    [TestCase("data:image/jpeg;base64,")]
    public async Task Json_WithAnImageAsBase64_IsReadLikeTheImageItself(string prefix)
    {
        await using var service = await StartAsync();
        var frame = Frame();
        var json = new JsonObject
        {
            ["name"] = "a.jpg",
            ["other"] = new JsonArray(1, 2),
            ["image"] = prefix + Convert.ToBase64String(frame)
        };
        foreach (var address in (string[])["/v1/faces", "/v1/emotion"])
        {
            var answer = await JsonOf(await service.PostAsync(
                address, Encoding.UTF8.GetBytes(json.ToJsonString()), "application/json; charset=utf-8"));
            var expected = await JsonOf(await service.PostAsync(address, frame));
            Assert.That(answer["name"]!.GetValue<string>(), Is.EqualTo("a.jpg"));
            foreach (var (key, value) in expected.AsObject().Where(property => property.Key is not "name"))
                Assert.That(answer[key]!.ToJsonString(), Is.EqualTo(value!.ToJsonString()), key);
        }
    }

    [Test]
    public async Task Json_Batch_HasAListOfImages()
    {
        await using var service = await StartAsync();
        var one = Convert.ToBase64String(Frame(), Base64FormattingOptions.InsertLineBreaks);
        var json = new JsonObject
        {
            ["images"] = new JsonArray(one, new JsonObject { ["image"] = "dGV4dA==", ["name"] = "text" }, one),
        };
        var images = (await JsonOf(await service.PostAsync(
            "/v1/faces/batch", Encoding.UTF8.GetBytes(json.ToJsonString()), "application/json")))["images"]!.AsArray();
        Assert.That(images.Select(image => image!["name"]!.GetValue<string>()), Is.EqualTo((string[])["image", "text", "image 3"]));
        Assert.That(images[0]!["photo"]!["faces"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That(images[1]!["error"]!.GetValue<string>(), Does.Contain("text: not an image"));
    }

    [TestCase("no json", 400, "isn't JSON (line 1)")]
    [TestCase("", 400, "isn't JSON")]
    [TestCase("[1]", 400, "not an object")]
    [TestCase("{}", 400, "There is no image")]
    [TestCase("{\"image\": 5}", 400, "must be a string")]
    [TestCase("{\"image\": null}", 400, "must be a string")]
    [TestCase("{\"image\": \"???\"}", 400, "isn't base64")]
    [TestCase("{\"image\": \"data:image/png,abc\"}", 400, "isn't base64")]
    [TestCase("{\"image\": \"dGV4dA==\"}", 422, "not an image")]
    [TestCase("{\"images\": [\"dGV4dA==\", \"dGV4dA==\"]}", 413, "More than 1 image in one request")]
    [TestCase("{\"images\": [[]]}", 400, "not an object")]
    [TestCase("{\"images\": [{\"imgae\": \"dGV4dA==\"}]}", 400, "Item 1 of")]
    [TestCase("{\"image\": \"dGV4dA==\", \"name\": \"\\ud800\"}", 400, "unpaired surrogate")]
    [TestCase("{\"image\": \"\\ud800\"}", 400, "unpaired surrogate")]
    public async Task Json_ThatIsWrong_SaysWhatIsExpected(string json, int status, string says)
    {
        await using var service = await StartAsync();
        var response = await service.PostAsync("/v1/faces", Encoding.UTF8.GetBytes(json), "application/json");
        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That((await JsonNode.ParseAsync(await response.Content.ReadAsStreamAsync()))!["detail"]!.GetValue<string>(),
            Does.Contain(says));
    }

    [Test]
    public async Task Json_WithAnImageThatIsTooLarge_Is413()
    {
        await using var service = await StartAsync(new ServiceOptions { Port = 0, MaxImageBytes = 50_000 });
        foreach (var length in (int[])[50_001, 200_000])
        {
            var json = $$"""{"image": "{{Convert.ToBase64String(new byte[length])}}"}""";
            var response = await service.PostAsync("/v1/faces", Encoding.UTF8.GetBytes(json), "application/json");
            Assert.That((int)response.StatusCode, Is.EqualTo(413));
        }
    }
}
