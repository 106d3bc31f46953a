using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using OpenCvSharp;

namespace FerMl.Benchmarks;

/// <summary>
/// Load test of a running <c>ferml serve</c>. Half of the clients stream live video at 1 FPS and disconnect now and then; a quarter sends
/// ten faces per second each, and a quarter a photo every two seconds. Reports answers, losses, latency and the service's memory.
/// </summary>
internal static partial class ServiceLoad
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Kind Live = new("live frames"), Face = new("faces"), Photo = new("photos");

    public static async Task RunAsync(Uri service, int clients, TimeSpan length)
    {
        var faces = VideoFaces.Choose(SyntheticFaces.Create(seed: 3), 5);
        byte[][] frames = [.. Enumerable.Range(0, 30).Select(i => Draw(new MovingFaces([faces[i % 5]]), i, ".jpg"))];
        byte[][] photos = [.. Enumerable.Range(0, 10).Select(i => Draw(new MovingFaces([.. faces], 1280, 960, 160), i, ".jpg"))];
        byte[][] crops = [.. faces.Select(face => Mat.FromPixelData(48, 48, MatType.CV_8UC1, face).ImEncode(".png"))];
        using var client = new HttpClient { BaseAddress = service, Timeout = Patience };
        using var end = new CancellationTokenSource(length);
        var watch = Stopwatch.StartNew();
        Task[] running = [.. Enumerable.Range(0, clients).Select(i => (i % 4) switch
        {
            0 or 1 => WatchAsync(service, frames, i, end.Token),
            2 => PostAsync(client, "/v1/emotion", crops, Face, TimeSpan.FromSeconds(0.1), i, end.Token),
            _ => PostAsync(client, "/v1/faces", photos, Photo, TimeSpan.FromSeconds(2), i, end.Token),
        })];
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(length / 10, end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            var memory = MemoryPattern().Match(await client.GetStringAsync("/metrics")).Groups["bytes"].Value;
            Say($"{watch.Elapsed.TotalMinutes:F1} min: the service has {double.Parse(memory, CultureInfo.InvariantCulture) / 1e6:F0} MB");
        }
        await Task.WhenAll(running);
        foreach (var kind in (Kind[])[Live, Face, Photo])
            Say($"{kind}, {kind.Answered / watch.Elapsed.TotalSeconds:F1} a second");
    }

    private static async Task WatchAsync(Uri service, byte[][] frames, int client, CancellationToken end)
    {
        var random = new Random(client);
        var buffer = new byte[1 << 16];
        while (!end.IsCancellationRequested)
        {
            using var socket = new ClientWebSocket();
            try
            {
                await socket.ConnectAsync(new UriBuilder(service) { Scheme = "ws", Path = "/v1/live" }.Uri, CancellationToken.None);
                // Aborts the connection after 15 to 44 frames, without closing it.
                var last = random.Next(15, 45);
                for (uint number = 1; number <= last && !end.IsCancellationRequested; number++)
                {
                    var image = frames[number % frames.Length];
                    var message = new byte[12 + image.Length];
                    BinaryPrimitives.WriteUInt32LittleEndian(message, number);
                    BinaryPrimitives.WriteDoubleLittleEndian(message.AsSpan(4), number * 1000);
                    image.CopyTo(message, 12);
                    await Live.AskAsync(async () =>
                    {
                        await socket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);
                        var received = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Patience,
                            CancellationToken.None);
                        return received.MessageType == WebSocketMessageType.Text
                            && !Encoding.UTF8.GetString(buffer, 0, received.Count).Contains("\"error\":\"", StringComparison.Ordinal);
                    });
                    await Pause(TimeSpan.FromSeconds(0.5 + random.NextDouble()), end);
                }
                socket.Abort();
            }
            catch (Exception e) when (e is WebSocketException or IOException)
            {
                Live.Lose(e.Message);
                await Pause(TimeSpan.FromSeconds(1), end);
            }
        }
    }

    private static async Task PostAsync(
        HttpClient client, string path, byte[][] images, Kind kind, TimeSpan pause, int number, CancellationToken end)
    {
        var random = new Random(number);
        while (!end.IsCancellationRequested)
        {
            await kind.AskAsync(async () =>
            {
                using var body = new ByteArrayContent(images[random.Next(images.Length)]);
                using var response = await client.PostAsync(path, body, CancellationToken.None);
                return response.IsSuccessStatusCode;
            });
            await Pause(pause * (0.5 + random.NextDouble()), end);
        }
    }

    private static Task Pause(TimeSpan length, CancellationToken end) => Task.Delay(length, end).ContinueWith(_ => { },
        TaskScheduler.Default);

    private static byte[] Draw(MovingFaces scene, int number, string ending)
    {
        var (image, _) = scene.Draw(number);
        using (image)
            return image.ImEncode(ending);
    }

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    [GeneratedRegex("(?m)^dotnet_process_memory_working_set_bytes[^ ]* (?<bytes>[0-9.eE+]+)")]
    private static partial Regex MemoryPattern();

    /// <summary>One kind of request, and the results of all its requests.</summary>
    private sealed class Kind(string name)
    {
        private readonly List<double> _milliseconds = [];
        private string? _problem;
        private long _lost;

        public long Answered { get { lock (_milliseconds) return _milliseconds.Count; } }

        public async Task AskAsync(Func<Task<bool>> ask)
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                if (!await ask())
                {
                    Lose("an error was answered");
                    return;
                }
                lock (_milliseconds)
                    _milliseconds.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or TimeoutException)
            {
                Lose(e.Message);
            }
        }

        public void Lose(string problem)
        {
            _problem ??= problem;
            Interlocked.Increment(ref _lost);
        }

        public override string ToString()
        {
            lock (_milliseconds)
            {
                _milliseconds.Sort();
                var problem = _problem is null ? "" : $" ({_problem})";
                return FormattableString.Invariant($"{name}: {_milliseconds.Count} answered, {_lost} lost{problem}; ")
                    + FormattableString.Invariant($"p50 {At(.5):F0} ms, p95 {At(.95):F0} ms, p99 {At(.99):F0} ms");
            }
        }

        private double At(double share) => _milliseconds.Count == 0 ? 0 : _milliseconds[(int)(share * (_milliseconds.Count - 1))];
    }
}
