using System.Net.Http.Headers;
using FerMl.Tests;
using FerMl.Vision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace FerMl.Service.Tests;

/// <summary>
/// Tests that ask a running service; skipped where this machine lacks OpenCV's native library, as eng/setup.sh would say.
/// </summary>
public abstract class ServiceTests : FolderTests
{
    private static readonly Lazy<EmotionPredictor> Predictor = new(() => EmotionPredictor.LoadDefault(PretrainedModel.SevenFast));

    private static readonly Lazy<IReadOnlyList<byte[]>> Happy = new(() =>
    {
        using var photos = new PhotoReader(Predictor.Value, CnnDetectorOptions.ForVideo);
        return [.. SyntheticFaces.Create(seed: 3).Where(face => face.Emotion == Emotion.Happy).Samples.Select(face => face.Pixels.ToArray())
            .Where(IsFoundHappy).Take(3)];

        bool IsFoundHappy(byte[] face)
        {
            var (image, _) = new MovingFaces([face]).Draw(0);
            using (image)
                return photos.Read(image).Faces is [{ Prediction: { Label: "happy", Confidence: > 0.7f }, Score: > 0.95f }];
        }
    });

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

    /// <summary>Drawn faces that are found, and are happy to the model.</summary>
    private protected static IReadOnlyList<byte[]> Faces => Happy.Value;

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
            Predictor.Value, "fer7-fast", Predictor.Value, "fer7-fast", () => new CnnFaceDetector(),
                () => new CnnFaceDetector(CnnDetectorOptions.ForVideo)));
        await service.StartAsync();
        return new Running(service);
    }

    /// <summary>A service, and somebody who asks it.</summary>
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
