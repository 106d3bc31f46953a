using FerMl.Tests;
using Microsoft.Playwright;
using OpenCvSharp;

namespace FerMl.Service.Tests;

/// <summary>
/// A real browser, with a simulated camera that shows synthetic faces; tests are skipped if Chromium is missing. The variable
/// FERML_SCREENSHOTS names a folder for screenshots.
/// </summary>
public abstract class BrowserTests : ServiceTests
{
    /// <summary>What the page wrote to the browser's console as errors and warnings.</summary>
    private protected List<string> Errors { get; } = [];

    [SetUp]
    public void Forget() => Errors.Clear();

    private protected static async Task<IBrowser> BrowserAsync(string? film)
    {
        var program = ChromiumProgram.Find();
        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
                .. film is null ? (string[])[] : [$"--use-file-for-fake-video-capture={film}"]],
        });
    }

    private protected async Task<IPage> OpenAsync(IBrowser browser, Running service, int width, int height, ColorScheme scheme)
    {
        var context = await browser.NewContextAsync(new()
        {
            IgnoreHTTPSErrors = true,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            Permissions = ["camera"],
        });
        var page = await context.NewPageAsync();
        page.Console += (_, message) => { if (message.Type is "error" or "warning") Errors.Add(message.Text); };
        page.PageError += (_, error) => Errors.Add(error);
        await page.GotoAsync(service.Address.ToString());
        return page;
    }

    private protected static async Task<string> DownloadAsync(IPage page, string button)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync(button));
        return await File.ReadAllTextAsync(await download.PathAsync());
    }

    private protected static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("FERML_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    /// <summary>A video for the browser's simulated camera: raw frames (YUV4MPEG2).</summary>
    private protected string Film(params byte[][] faces)
    {
        var path = Folder.Path("camera.y4m");
        using var file = File.Create(path);
        file.Write("YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C420jpeg\n"u8);
        var scene = new MovingFaces(faces);
        for (var number = 0; number < 90; number++)
        {
            var (image, _) = scene.Draw(number);
            using (image)
            using (var planes = image.CvtColor(ColorConversionCodes.BGR2YUV_I420))
            {
                planes.GetArray(out byte[] bytes);
                file.Write("FRAME\n"u8);
                file.Write(bytes);
            }
        }
        return path;
    }
}
