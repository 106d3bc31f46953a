using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using FerMl.Tests;
using FerMl.Vision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace FerMl.Service.Tests;

/// <summary>
/// Tests against a running service; skipped if OpenCV's native library can't be loaded (eng/setup.sh installs what it needs).
/// </summary>
public abstract class ServiceTests : FolderTests
{
    private static readonly Lazy<EmotionPredictor> Predictor = new(() => EmotionPredictor.LoadDefault(PretrainedModel.FerPlusFast));

    private static readonly Lazy<IReadOnlyList<byte[]>> Happy = new(() => Drawn(Emotion.Happy, 3));
    private static readonly Lazy<IReadOnlyList<byte[]>> Rest = new(() => Drawn(Emotion.Neutral, 1));

    /// <summary>Synthetic faces of an emotion that are detected and classified correctly.</summary>
    private static byte[][] Drawn(Emotion emotion, int count)
    {
        using var photos = new PhotoReader(Predictor.Value, CnnDetectorOptions.ForVideo);
        return [.. SyntheticFaces.Create(seed: 3).Where(face => face.Emotion == emotion).Samples.Select(face => face.Pixels.ToArray())
            .Where(IsFound).Take(count)];

        bool IsFound(byte[] face)
        {
            var (image, _) = new MovingFaces([face]).Draw(0);
            using (image)
                return photos.Read(image.ToGrayImage()).Faces is [{ Prediction: { Confidence: > 0.7f, Label: var label }, Score: > 0.95f }]
                    && label == emotion.ToLabel();
        }
    }

    [OneTimeSetUp]
    public void NeedOpenCv()
    {
        try
        {
            OpenCv.EnsureLoaded();
        }
        catch (VisionException e)
        {
            Assert.Ignore(e.Message);
        }
    }

    /// <summary>Synthetic faces that are detected and classified as happy.</summary>
    private protected static IReadOnlyList<byte[]> Faces => Happy.Value;

    /// <summary>A synthetic neutral face.</summary>
    private protected static byte[] FaceAtRest => Rest.Value[0];

    private protected static EmotionPredictor Model => Predictor.Value;

    /// <summary>A frame with faces in it.</summary>
    private protected static byte[] Frame(int faces = 1, int number = 0, string ending = ".jpg")
    {
        var (image, _) = new MovingFaces([.. Faces.Take(faces)]).Draw(number);
        using (image)
            return image.ImEncode(ending);
    }

    private protected static async Task<Running> StartAsync(ServiceOptions? options = null)
    {
        var service = FaceService.Build((options ?? new ServiceOptions()) with { Host = "127.0.0.1", Port = 0 }, new ServiceModels(
            Predictor.Value, "ferplus-fast", Predictor.Value, "ferplus-fast", () => new CnnFaceDetector(),
                () => new CnnFaceDetector(CnnDetectorOptions.ForVideo)));
        await service.StartAsync();
        return new Running(service);
    }

    private protected static async Task<JsonNode> JsonOf(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        return JsonNode.Parse(text) ?? throw new InvalidDataException(text);
    }

    /// <summary>A service and its client.</summary>
    private protected sealed class Running(WebApplication service) : IAsyncDisposable
    {
        public Uri Address { get; } =
            new(service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

        public HttpClient Client => field ??= new HttpClient { BaseAddress = Address, DefaultRequestHeaders = { ExpectContinue = true } };

        public ServiceMetrics Metrics => service.Services.GetRequiredService<ServiceCore>().Metrics;

        public Task<HttpResponseMessage> PostAsync(string path, byte[] body, string? type = "image/jpeg")
        {
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
            return Client.PostAsync(new Uri(path, UriKind.Relative), content);
        }

        public Task StopAsync() => service.StopAsync();

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await service.DisposeAsync();
        }
    }
}
