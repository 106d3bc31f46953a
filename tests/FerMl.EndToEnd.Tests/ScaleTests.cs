using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using FerMl.Tests;

namespace FerMl.EndToEnd.Tests;

/// <summary>Work that is distributed over several processes.</summary>
[NonParallelizable, Category("Slow")]
public sealed partial class ScaleTests : FolderTests
{
    [Test]
    public void Predict_InShardsThatAreKilledAndGoneOnWith_HasEachImageOnce()
    {
        var faces = SyntheticFaces.Create(300, seed: 8);
        for (var i = 0; i < faces.Count; i++)
            Folder.Write($"images/{i % 7}/{i}.png", FaceFiles.Png(faces[i].Pixels));
        Folder.Write("images/0/bad.png", [1, 2, 3]);
        var random = new Random(1);
        for (var shard = 1; shard <= 2; shard++)
        {
            string[] work = ["predict", "--model", "fer7-fast", "--out", $"part-{shard}.jsonl", "--shard", $"{shard}/2", "images"];
            for (var kill = 0; kill < 3; kill++)
                Command.KillAfter(TimeSpan.FromMilliseconds(random.Next(300, 900)), Folder.Root, work);
            var (exitCode, output, error) = Command.Run(Folder.Root, Command.Ferml, work);
            Assert.That(exitCode, Is.LessThanOrEqualTo(1), error);
            Assert.That(output.Trim(), Is.EqualTo($"part-{shard}.jsonl"));
        }
        string[] lines = [.. File.ReadLines(Folder.Path("part-1.jsonl")), .. File.ReadLines(Folder.Path("part-2.jsonl"))];
        var answers = lines.Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!.AsObject())
            .ToDictionary(line => line["file"]!.GetValue<string>());
        Assert.That(answers, Has.Count.EqualTo(301));
        Assert.That(answers.Count(answer => answer.Value.ContainsKey("error")), Is.EqualTo(1));
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        Assert.That(answers[Path.Combine("images", "3", "101.png")]["label"]!.GetValue<string>(),
            Is.EqualTo(predictor.Predict(faces[101].Pixels, 48, 48).Label));
    }

    [Test]
    public async Task Services_BehindNginx_AnswerAllWhenOneIsKilled()
    {
        var nginx = new[] { "/usr/sbin/nginx", "/usr/bin/nginx" }.FirstOrDefault(File.Exists);
        if (nginx is null)
            Assert.Ignore("needs nginx.");
        var (one, portOfOne) = Serve();
        var (other, portOfOther) = Serve();
        var port = FreePort();
        var text = File.ReadAllText(Repository.File("eng/deploy/nginx.conf")).Replace("5081", $"{portOfOne}", StringComparison.Ordinal)
            .Replace("5082", $"{portOfOther}", StringComparison.Ordinal).Replace("127.0.0.1:5080", $"127.0.0.1:{port}",
                StringComparison.Ordinal)
            .Replace("/tmp/ferml-nginx", Folder.Path("nginx"), StringComparison.Ordinal);
        var configuration = Folder.Write("nginx.conf", Encoding.UTF8.GetBytes("daemon off; master_process off;\n" + text));
        using var proxy = Process.Start(new ProcessStartInfo(nginx!, ["-p", Folder.Root, "-c", configuration]))!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };
            var face = FaceFiles.Png(SyntheticFaces.Create(70)[12].Pixels);
            await AskAsync(client, face, 20);
            var asked = Enumerable.Range(0, 8).Select(_ => AskAsync(client, face, 40)).ToArray();
            await Task.Delay(200);
            one.Kill();
            await Task.WhenAll(asked);
        }
        finally
        {
            foreach (var process in (Process[])[proxy, one, other])
            {
                if (!process.HasExited)
                    process.Kill();
                process.WaitForExit();
                process.Dispose();
            }
        }

        static async Task AskAsync(HttpClient client, byte[] face, int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var body = new ByteArrayContent(face);
                HttpResponseMessage? response = null;
                // The proxy may not be listening yet.
                for (var attempt = 0; response is null; attempt++)
                    try
                    {
                        response = await client.PostAsync(new Uri("/v1/emotion", UriKind.Relative), body);
                    }
                    catch (HttpRequestException) when (attempt < 50)
                    {
                        await Task.Delay(100);
                    }
                Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
            }
        }
    }

    private (Process Process, int Port) Serve()
    {
        var process = Command.StartOn(null, Folder.Root, ["serve", "--port", "0", "--behind-proxy", "--model", "fer7-fast"], out var error);
        Command.WaitFor("Ctrl+C ends it", process, error);
        lock (error)
            return (process, int.Parse(Address().Match(error.ToString()).Groups["port"].Value,
                System.Globalization.CultureInfo.InvariantCulture));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:(?<port>\d+)")]
    private static partial Regex Address();
}
