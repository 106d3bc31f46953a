using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FerMl.Vision;
using Microsoft.Playwright;
using OpenCvSharp;

namespace FerMl.Service.Tests;

/// <summary>The page: camera, photos, videos, keys, and what it says of errors.</summary>
[Category("Slow")]
public sealed class PageTests : BrowserTests
{
    [TestCase(1280, 900, ColorScheme.Light)]
    [TestCase(390, 844, ColorScheme.Dark)]
    public async Task Camera_ThatShowsAHappyFaceAndOneAtRest_TellsSo(int width, int height, ColorScheme scheme)
    {
        await using var service = await StartAsync();
        await using var browser = await BrowserAsync(Film(Faces[0], FaceAtRest));
        var page = await OpenAsync(browser, service, width, height, scheme);
        await page.ClickAsync("#camera");
        await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(2, new() { Timeout = 20_000 });
        await page.WaitForTimeoutAsync(3_000);
        Assert.That(await page.Locator("#faces .label").AllTextContentsAsync(), Is.EquivalentTo((string[])["happy", "neutral"]));
        await Assertions.Expect(page.Locator("#accuracy")).ToContainTextAsync("one person with the others on 80 %");
        await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("2");
        Assert.That(await page.Locator("#faces .id").AllTextContentsAsync(), Is.EqualTo((string[])["1", "2"]), "faces keep their numbers");
        Assert.That(int.Parse(await page.Locator("#rate").TextContentAsync() ?? "", null), Is.GreaterThan(2));
        Assert.That(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the page");
        await PictureAsync(page, $"camera-{width}");
        await page.ClickAsync("#camera");
        await Assertions.Expect(page.Locator("#welcome")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(0);
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public async Task Photo_ByKeyboard_IsReadSwitchedAndSaved()
    {
        await using var service = await StartAsync();
        await using var browser = await BrowserAsync(null);
        var page = await OpenAsync(browser, service, 1280, 900, ColorScheme.Dark);
        await page.SetInputFilesAsync("#files", [
            new FilePayload { Name = "=two.jpg", MimeType = "image/jpeg", Buffer = Frame(faces: 2) },
            new FilePayload { Name = "three.png", MimeType = "image/png", Buffer = Frame(faces: 3, ending: ".png") },
        ]);
        await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(3);
        Assert.That(await page.Locator("#faces li").First.Locator(".score").CountAsync(), Is.EqualTo(8));
        await page.Keyboard.PressAsync("t");
        Assert.That(await page.Locator("#faces li").First.Locator(".score").CountAsync(), Is.EqualTo(3));
        await page.Keyboard.PressAsync("b");
        Assert.That(await page.Locator("#faces li").First.Locator(".score").First.IsVisibleAsync(), Is.False);
        await PictureAsync(page, "photo");
        var csv = (await DownloadAsync(page, "#csv")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(csv[0], Is.EqualTo("time,frame,file,face,x,y,width,height,face_score,roll,label,confidence,happy,sad,neutral"));
        Assert.That(csv, Has.Length.EqualTo(6));
        Assert.That(csv[1], Does.StartWith("0,0,'=two.jpg,1,"));
        Folder.Write("page.jsonl", await DownloadAsync(page, "#json"));
        var logged = FrameLog.Read(Folder.Path("page.jsonl")).ToArray();
        Assert.That(logged.Select(frame => (frame.Name, frame.Faces.Count)), Is.EqualTo(new[] { ("=two.jpg", 2), ("three.png", 3) }));
        Assert.That(logged[1].Faces[2].Scores.Values.Sum(), Is.EqualTo(1).Within(1e-5));
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public async Task Keys_AfterAClick_DoWhatThePageSays()
    {
        await using var service = await StartAsync();
        await using var browser = await BrowserAsync(Film(Faces[0]));
        var page = await OpenAsync(browser, service, 800, 700, ColorScheme.Light);
        await page.ClickAsync("#camera");
        await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(1, new() { Timeout = 20_000 });
        await page.Keyboard.PressAsync("t");
        await Assertions.Expect(page.Locator("#faces .score")).ToHaveCountAsync(3);
        await page.ClickAsync("#bars");
        await page.Keyboard.PressAsync("b");
        await Assertions.Expect(page.Locator("#bars")).ToBeCheckedAsync();
        await page.Keyboard.PressAsync(" ");
        await Assertions.Expect(page.Locator("#pause")).ToHaveTextAsync("Resume");
        await Assertions.Expect(page.Locator("#camera")).ToHaveTextAsync("Stop camera");
        await page.Keyboard.PressAsync(" ");
        await Assertions.Expect(page.Locator("#pause")).ToHaveTextAsync("Pause");
        // By keyboard alone: Enter starts the camera, and Space pauses it.
        await page.Keyboard.PressAsync("c");
        await page.FocusAsync("#camera");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#pause")).ToBeEnabledAsync();
        await page.Keyboard.PressAsync(" ");
        await Assertions.Expect(page.Locator("#pause")).ToHaveTextAsync("Resume");
        await page.FocusAsync("#open");
        await page.Keyboard.PressAsync("T");
        await Assertions.Expect(page.Locator("input[value=all]")).ToBeCheckedAsync();
        Assert.That(Errors, Is.Empty);
    }

    [TestCase(1280, 900)]
    [TestCase(390, 844)]
    public async Task Faces_ThatComeAndGo_MoveNothing(int width, int height)
    {
        await using var service = await StartAsync();
        await using var browser = await BrowserAsync(null);
        var page = await OpenAsync(browser, service, width, height, ColorScheme.Light);
        var places = new List<(float, float)>();
        await NoteAsync();
        foreach (var count in (int[])[1, 3, 15])
        {
            await page.SetInputFilesAsync("#files", new FilePayload
            {
                Name = $"{count}.jpg",
                MimeType = "image/jpeg",
                Buffer = Crowd(count),
            });
            await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(count, new() { Timeout = 20_000 });
            await NoteAsync();
        }
        Assert.That(places.Distinct().Count(), Is.EqualTo(1), string.Join("; ", places));
        Assert.That(await page.Locator("#faces li").Last.IsVisibleAsync());
        Assert.That(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the page");
        await PictureAsync(page, $"crowd-{width}");

        async Task NoteAsync()
        {
            var strips = await page.Locator("#strips").BoundingBoxAsync();
            places.Add((strips!.Y, (await page.Locator("#controls").BoundingBoxAsync())!.Y));
        }
    }

    /// <summary>A photo with the given number of faces, in rows of five.</summary>
    private static byte[] Crowd(int count)
    {
        using var photo = new Mat(240 * ((count + 4) / 5), 1200, MatType.CV_8UC3, new Scalar(90, 110, 100));
        for (var i = 0; i < count; i++)
        {
            using var face = Mat.FromPixelData(48, 48, MatType.CV_8UC1, Faces[i % Faces.Count]);
            using var color = face.CvtColor(ColorConversionCodes.GRAY2BGR).Resize(new Size(150, 150));
            color.CopyTo(photo[new Rect(240 * (i % 5) + 40, 240 * (i / 5) + 40, 150, 150)]);
        }
        return photo.ImEncode(".jpg");
    }

    [Test]
    public async Task Video_IsPlayedToItsEnd_AgainByOneKey_AndAnalyzedFrameByFrame()
    {
        const int frames = 30;
        if (!Ffmpeg.IsInstalled)
            Assert.Ignore("browsers' videos are written by ffmpeg");
        var film = Folder.Path("film.webm");
        var scene = new MovingFaces([.. Faces.Take(2)]);
        using (var recorder = new VideoRecorder(film, 15))
            for (var number = 0; number < frames; number++)
            {
                var (image, _) = scene.Draw(number);
                using (image)
                    recorder.Write(image, TimeSpan.FromSeconds(number / 15.0));
            }
        await using var service = await StartAsync();
        await using var browser = await BrowserAsync(null);
        var page = await OpenAsync(browser, service, 1280, 900, ColorScheme.Light);
        await page.SetInputFilesAsync("#files", film);
        await Assertions.Expect(page.Locator("#message")).ToHaveTextAsync("The video has ended.", new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("#pause")).ToHaveTextAsync("Play again");
        await PictureAsync(page, "video");
        await page.Keyboard.PressAsync(" ");
        await Assertions.Expect(page.Locator("#pause")).ToHaveTextAsync("Pause");
        await Assertions.Expect(page.Locator("#message")).ToHaveTextAsync("The video has ended.", new() { Timeout = 30_000 });
        await page.ClickAsync("#analyze");
        await Assertions.Expect(page.Locator("#message")).ToContainTextAsync("frames are analyzed", new() { Timeout = 60_000 });
        Folder.Write("page.jsonl", await DownloadAsync(page, "#json"));
        var logged = FrameLog.Read(Folder.Path("page.jsonl")).ToArray();
        Assert.That(logged, Has.Length.EqualTo(frames));
        Assert.That(logged.Select(frame => frame.Frame), Is.EqualTo(Enumerable.Range(0, logged.Length)));
        Assert.That(logged[^1].Time, Is.EqualTo((logged.Length - 1) / 15.0).Within(0.02));
        Assert.That(logged.Count(frame => frame.Faces.Count == 2), Is.GreaterThan(frames - 5));
        Assert.That(FaceTimeline.Of(logged).Select(face => face.Id), Is.EqualTo(new[] { 1, 2 }));
        var (picture, expected) = (await DownloadAsync(page, "#image"),
            FaceTimeline.ToSvg($"Emotions over time: {Path.GetFileName(film)}", FaceTimeline.Of(logged)));
        Assert.That(picture, Does.StartWith("<svg").And.Contain(Path.GetFileName(film)).And.Contain(">face 1<").And.Contain(">face 2<"));
        Assert.That(picture.Split("<rect").Length, Is.EqualTo(expected.Split("<rect").Length), "the spans that 'ferml timeline' draws");
        await PictureAsync(page, "analyzed");
        // Seeking back shows the rest of the video again; the table lists it once.
        await page.EvaluateAsync("""
            () => { const seek = document.getElementById("seek"); seek.value = 1; seek.dispatchEvent(new Event("input")); }
            """);
        await Assertions.Expect(page.Locator("#pause")).ToHaveTextAsync("Resume");
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public async Task Example_IsReadByTheModelThatIsChosen_AndItsPictureSaved()
    {
        await using var service = await StartAsync();
        await using var browser = await BrowserAsync(null);
        var page = await OpenAsync(browser, service, 1280, 900, ColorScheme.Light);
        await page.ClickAsync("#example");
        await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(4, new() { Timeout = 20_000 });
        Assert.That(await page.Locator("#legend li").CountAsync(), Is.EqualTo(8));
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#save"));
        using (var saved = Cv2.ImRead(await download.PathAsync()))
        {
            Assert.That((saved.Width, saved.Height), Is.EqualTo((1280, 720)));
            Assert.That(saved.Split()[0].CountNonZero(), Is.Positive);
        }
        await PictureAsync(page, "example");
        await page.ClickAsync("#options summary");
        await page.SelectOptionAsync("#model", "fer3");
        await Assertions.Expect(page.Locator("#about")).ToContainTextAsync("for photos fer3");
        await Assertions.Expect(page.Locator("#legend li")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(4);
        await page.EvaluateAsync("""
            () => { const score = document.getElementById("score"); score.value = 0.95;
                score.dispatchEvent(new Event("input")); score.dispatchEvent(new Event("change")); }
            """);
        await Assertions.Expect(page.Locator("#score-shown")).ToHaveTextAsync("0.95");
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public async Task File_ThatIsNoImage_IsToldOf()
    {
        await using var service = await StartAsync();
        await using var browser = await BrowserAsync(null);
        var page = await OpenAsync(browser, service, 800, 700, ColorScheme.Light);
        await page.SetInputFilesAsync("#files", new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = [1, 2, 3] });
        await Assertions.Expect(page.Locator("#message")).ToContainTextAsync("a.jpg: not an image");
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public async Task Key_IsAskedForAndUsed()
    {
        await using var service = await StartAsync(new ServiceOptions { ApiKey = "key+of/page?1" });
        await using var browser = await BrowserAsync(Film(Faces[0]));
        var page = await OpenAsync(browser, service, 800, 700, ColorScheme.Light);
        await page.FillAsync("#key", "key+of/page?1");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#about")).ToContainTextAsync("ferplus-fast");
        await page.ClickAsync("#camera");
        await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(1, new() { Timeout = 20_000 });
        // Browsers report the 401 of the one request without a key.
        Assert.That(Errors.Where(error => !error.Contains("401", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Service_ThatStops_IsToldOf()
    {
        var service = await StartAsync();
        await using var browser = await BrowserAsync(Film(Faces[0]));
        var page = await OpenAsync(browser, service, 800, 700, ColorScheme.Light);
        await page.ClickAsync("#camera");
        await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(1, new() { Timeout = 20_000 });
        await service.DisposeAsync();
        await Assertions.Expect(page.Locator("#message")).ToContainTextAsync("trying again", new() { Timeout = 20_000 });
    }

    [Test]
    public async Task Key_ThatIsWrong_IsAskedForAgain()
    {
        await using var service = await StartAsync(new ServiceOptions { ApiKey = "key+of/page?1" });
        await using var browser = await BrowserAsync(null);
        var page = await OpenAsync(browser, service, 800, 700, ColorScheme.Light);
        await page.FillAsync("#key", "another-key");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#wrong")).ToBeVisibleAsync();
        await page.FillAsync("#key", "key+of/page?1");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#about")).ToContainTextAsync("ferplus-fast");
    }

    /// <summary>Over HTTPS, browsers use HTTP/2, which opens WebSockets differently.</summary>
    [Test]
    public async Task Camera_OverHttps_WorksToo()
    {
        using (var key = RSA.Create(2048))
        using (var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1)))
            Folder.Write("service.pem", certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        await using var service = await StartAsync(new ServiceOptions { Certificate = Folder.Path("service.pem") });
        Assert.That(service.Address.Scheme, Is.EqualTo("https"));
        await using var browser = await BrowserAsync(Film(Faces[0]));
        var page = await OpenAsync(browser, service, 800, 700, ColorScheme.Light);
        await page.ClickAsync("#camera");
        await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(1, new() { Timeout = 20_000 });
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public async Task Sources_OneAfterTheOther_LeaveNothingOfThoseBefore()
    {
        await using var service = await StartAsync();
        await using var browser = await BrowserAsync(Film(Faces[0]));
        var page = await OpenAsync(browser, service, 800, 700, ColorScheme.Light);
        // Starts twice before the browser grants the camera, then stops.
        await page.EvaluateAsync("""
            () => { const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); window.streams = [];
                navigator.mediaDevices.getUserMedia = async wish => { const s = await ask(wish); window.streams.push(s); return s; };
                document.getElementById("camera").click(); document.getElementById("camera").click(); }
            """);
        await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(1, new() { Timeout = 20_000 });
        await page.ClickAsync("#camera");
        Assert.That(await page.EvaluateAsync<string[]>("window.streams.flatMap(s => s.getTracks().map(t => t.readyState))"),
            Is.EqualTo((string[])["ended", "ended"]), "every camera is turned off");
        for (var i = 0; i < 3; i++)
        {
            await page.ClickAsync("#camera");
            await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(1, new() { Timeout = 20_000 });
            await page.SetInputFilesAsync("#files", new FilePayload { Name = "a.jpg", MimeType = "image/jpeg", Buffer = Frame(faces: 2) });
            await Assertions.Expect(page.Locator("#faces li")).ToHaveCountAsync(2);
        }
        for (var i = 0; i < 100 && service.Metrics.Viewers > 0; i++)
            await Task.Delay(50);
        Assert.That(service.Metrics.Viewers, Is.Zero, "every connection is closed");
        Assert.That(Errors, Is.Empty);
    }
}
