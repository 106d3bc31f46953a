using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FerMl.Vision.Tests;

/// <summary>Streams from local servers that disconnect, stall or never answer.</summary>
public class FfmpegSourceTests : VisionTests
{
    private static readonly (TimeSpan Open, TimeSpan Read) Patience = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1.5));
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100)];

    [OneTimeSetUp]
    public void NeedFfmpeg()
    {
        if (!Ffmpeg.IsInstalled)
            Assert.Ignore("needs ffmpeg; eng/setup.sh --for-tests installs it");
    }

    [Test]
    public void Read_OfACameraThatBreaksOff_GoesOnWithTheNextConnection()
    {
        using var camera = new MotionJpegServer(frames: 12);
        using var source = new FfmpegSource(camera.Address, Patience, Pauses);
        Assert.That(source.IsLive, Is.True);
        for (var i = 0; i < 30; i++)
        {
            using var frame = source.Read()!;
            Assert.That((frame.Number, frame.Image.Width, frame.Image.Height), Is.EqualTo(((long)i, 64, 48)));
        }
        Assert.That(camera.Connections, Is.GreaterThanOrEqualTo(3));
        Assert.That(source.Problems, Has.Count.EqualTo(2).And.All.Contains("broke off after"));
    }

    [Test]
    public void Read_OfACameraThatFallsSilent_OpensItAgain()
    {
        using var camera = new MotionJpegServer(frames: 12, thenSilent: true);
        using var source = new FfmpegSource(camera.Address, Patience, Pauses);
        for (var i = 0; i < 15; i++)
            source.Read()!.Dispose();
        Assert.That(source.Problems.Single(), Does.Contain("no frame came"));
    }

    [Test]
    public void Read_OfACameraThatIsGone_SaysSoInTheEnd()
    {
        using var camera = new MotionJpegServer(frames: 12);
        using var source = new FfmpegSource(camera.Address, Patience, Pauses);
        source.Read()!.Dispose();
        camera.Dispose();
        Assert.That(() =>
        {
            while (true)
                source.Read()!.Dispose();
        }, Throws.TypeOf<VisionException>().With.Message.Contains("couldn't be reopened"));
    }

    [Test]
    public void Open_OfAServerThatNeverAnswers_EndsWhenPatienceDoes()
    {
        var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        try
        {
            var address = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/live";
            Assert.That(() => new FfmpegSource(address, (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), Pauses),
                Throws.TypeOf<VisionException>().With.Message.Contains("it doesn't answer"));
        }
        finally
        {
            silent.Stop();
        }
    }

    [Test]
    public async Task Cancel_EndsAReadThatWaits()
    {
        using var camera = new MotionJpegServer(frames: 12, thenSilent: true);
        using var source = new FfmpegSource(camera.Address, (TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5)), Pauses);
        for (var i = 0; i < 3; i++)
            source.Read()!.Dispose();
        var reading = Task.Run(() =>
        {
            while (true)
                source.Read()!.Dispose();
        });
        await Task.Delay(1_500);
        source.Cancel();
        Assert.That(async () => await reading.WaitAsync(TimeSpan.FromSeconds(10)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Read_OfAVideoOnAServer_EndsWhereItEnds()
    {
        using var server = new FileServer(Clip("clip.mp4", frames: 20, framesPerSecond: 10));
        using var source = FrameSources.Open(server.Address);
        Assert.That((source.IsLive, source.FramesPerSecond), Is.EqualTo((false, 10.0)));
        var times = new List<double>();
        while (source.Read() is { } frame)
            using (frame)
                times.Add(frame.Time.TotalSeconds);
        Assert.That(times, Is.EqualTo(Enumerable.Range(0, 20).Select(i => i / 10.0)).Within(1e-6));
        Assert.That(source.Problems, Is.Empty);
    }

    [Test]
    public void Open_OfWhatIsNoVideo_SaysWhy()
    {
        using var server = new FileServer(Folder.Write("page.html", "<html>Sign in</html>"));
        Assert.That(() => FrameSources.Open(server.Address), Throws.TypeOf<VisionException>().With.Message.StartsWith(server.Address)
            .And.Message.Contains("Invalid data"));
    }

    /// <summary>An IP camera's Motion JPEG over HTTP.</summary>
    private sealed class MotionJpegServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private int _connections;

        public MotionJpegServer(int frames, bool thenSilent = false)
        {
            using var image = new OpenCvSharp.Mat(48, 64, OpenCvSharp.MatType.CV_8UC3, new OpenCvSharp.Scalar(40, 80, 120));
            OpenCvSharp.Cv2.ImEncode(".jpg", image, out var jpeg);
            _listener.Start();
            _ = Task.Run(async () =>
            {
                while (!_end.IsCancellationRequested)
                {
                    var client = await _listener.AcceptTcpClientAsync(_end.Token);
                    Interlocked.Increment(ref _connections);
                    _ = Task.Run(() => ServeAsync(client, jpeg, frames, thenSilent));
                }
            });
        }

        public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/live.mjpg";

        public int Connections => _connections;

        public void Dispose()
        {
            _end.Cancel();
            _listener.Stop();
        }

        private async Task ServeAsync(TcpClient client, byte[] jpeg, int frames, bool thenSilent)
        {
            using (client)
            {
                var stream = client.GetStream();
                await stream.ReadAtLeastAsync(new byte[4_096], 1, cancellationToken: _end.Token);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"), _end.Token);
                for (var i = 0; i < frames; i++)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(
                        $"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {jpeg.Length}\r\n\r\n"), _end.Token);
                    await stream.WriteAsync(jpeg, _end.Token);
                    await stream.WriteAsync("\r\n"u8.ToArray(), _end.Token);
                    await Task.Delay(20, _end.Token);
                }
                if (thenSilent)
                    await Task.Delay(Timeout.Infinite, _end.Token);
            }
        }
    }

    /// <summary>A web server with one file.</summary>
    private sealed class FileServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public FileServer(string path)
        {
            var content = File.ReadAllBytes(path);
            _listener.Start();
            _ = Task.Run(async () =>
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    var stream = client.GetStream();
                    await stream.ReadAtLeastAsync(new byte[4_096], 1);
                    try
                    {
                        await stream.WriteAsync(Encoding.ASCII.GetBytes(
                            $"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n"));
                        await stream.WriteAsync(content);
                    }
                    catch (IOException)
                    {
                        // Players close a connection once they have read enough.
                    }
                }
            });
        }

        public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/clip";

        public void Dispose() => _listener.Stop();
    }
}
