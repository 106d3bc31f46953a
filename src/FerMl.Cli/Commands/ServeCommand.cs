using System.CommandLine;
using FerMl.Service;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml serve</c>: serves the live demo in a browser and the HTTP API.</summary>
internal static class ServeCommand
{
    private const string KeyVariable = "FERML_API_KEY";

    public static Command Create(Terminal terminal)
    {
        var usual = new ServiceOptions();
        var model = new ModelSource(PretrainedModel.FerPlus);
        var faces = new FaceArguments();
        var usualLive = PretrainedModels.NameOf(PretrainedModel.FerPlusFast);
        var live = new Option<string?>("--live-model")
        {
            Description = $"The model for live video, as --model names one [default: the one of --model; without it {usualLive}].",
            HelpName = "zip|name",
        };
        var host = new Option<string>("--host")
        {
            Description = "The address to listen at: localhost (this machine only), a name or IP address of this machine, or * for all.",
            DefaultValueFactory = _ => usual.Host,
            HelpName = "name",
        };
        var port = new Option<int>("--port")
        {
            Description = "The port; 0 for a free one.",
            DefaultValueFactory = _ => usual.Port,
            HelpName = "n",
        }.Between(0, 65_535);
        var noBrowser = new Option<bool>("--no-browser")
        {
            Description = "Don't open the page in a browser, as is done where the command runs in a terminal and serves this machine.",
        };
        var key = new Option<string?>("--api-key")
        {
            Description = $"The API key that requests must send as X-Api-Key [default: the variable {KeyVariable}, or nothing].",
            HelpName = "key",
        };
        var certificate = new Option<string?>("--certificate")
        {
            Description = "A certificate for HTTPS, as PEM: browsers on other machines allow the camera only over HTTPS.",
            HelpName = "pem",
        };
        var certificateKey = new Option<string?>("--certificate-key")
        {
            Description = "The certificate's key, as PEM, if it isn't in the certificate's file.",
            HelpName = "pem",
        };
        var maxMegabytes = new Option<double>("--max-image-mb")
        {
            Description = "Maximum size of an image, in MiB.",
            DefaultValueFactory = _ => usual.MaxImageBytes / 1048576.0,
            HelpName = "n",
        }.Between(0.01, 64);
        var maxImages = new Option<int>("--max-images")
        {
            Description = "Maximum number of images per request.",
            DefaultValueFactory = _ => usual.MaxImages,
            HelpName = "n",
        }.Between(1, 1_000);
        var maxViewers = new Option<int>("--max-viewers")
        {
            Description = "Maximum number of live sessions at a time.",
            DefaultValueFactory = _ => usual.MaxViewers,
            HelpName = "n",
        }.Between(0, 10_000);
        var requests = new Option<int>("--requests-per-minute")
        {
            Description = "Maximum number of requests per caller and minute.",
            DefaultValueFactory = _ => usual.RequestsPerMinute,
            HelpName = "n",
        }.Between(1, 10_000_000);
        var timeout = new Option<double>("--timeout")
        {
            Description = "How long a request may take, its upload included, in seconds.",
            DefaultValueFactory = _ => usual.TimeoutSeconds,
            HelpName = "s",
        }.Between(1, 3_600);
        var origins = new Option<string[]>("--allow-origin")
        {
            Description = "A site whose pages may call the service (CORS), such as https://example.org; may be given again.",
            HelpName = "origin",
        };
        var proxy = new Option<bool>("--behind-proxy")
        {
            Description = "Trust a proxy's X-Forwarded headers.",
        };
        var command = new Command("serve", "Serve the live demo in a browser, and the HTTP API.")
        {
            live, host, port, noBrowser, key, certificate, certificateKey, maxMegabytes, maxImages, maxViewers, requests, timeout,
                origins, proxy,
        };
        faces.AddTo(command);
        model.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new ServiceOptions
            {
                Host = parsed.GetRequiredValue(host),
                Port = parsed.GetValue(port),
                ApiKey = parsed.GetValue(key) ?? Environment.GetEnvironmentVariable(KeyVariable),
                Certificate = parsed.GetValue(certificate),
                CertificateKey = parsed.GetValue(certificateKey),
                MaxImageBytes = (int)(parsed.GetValue(maxMegabytes) * 1048576),
                MaxImages = parsed.GetValue(maxImages),
                MaxViewers = parsed.GetValue(maxViewers),
                RequestsPerMinute = parsed.GetValue(requests),
                TimeoutSeconds = parsed.GetValue(timeout),
                AllowedOrigins = parsed.GetValue(origins) ?? [],
                TrustsProxy = parsed.GetValue(proxy),
            };
            var (photoModel, liveModel) = (model.Load(parsed), ModelSource.Load(
                parsed.GetValue(live) ?? model.GivenIn(parsed) ?? usualLive));
            using var photo = photoModel.CreatePredictor();
            using var video = liveModel.CreatePredictor();
            await using var service = FaceService.Build(options, new ServiceModels(
                photo, photoModel.Name, video, liveModel.Name, faces.Detectors(parsed, forVideo: false),
                    faces.Detectors(parsed, forVideo: true)));
            await FaceService.StartAsync(service, options, cancellation);
            var addresses = service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
            foreach (var address in addresses)
                terminal.WriteLine($"{address.Replace("[::]", "localhost", StringComparison.Ordinal)}: the page; /docs: the API. "
                    + "Ctrl+C ends it.");
            if (terminal.IsLive && options.IsLoopback && !parsed.GetValue(noBrowser))
                Browser.TryOpen(addresses.First().Replace("[::]", "localhost", StringComparison.Ordinal));
            if (!options.IsLoopback && options.ApiKey is null)
                terminal.WriteLine("Other machines can reach it without a key; --api-key sets one.");
            if (!options.IsLoopback && options.Certificate is null && !options.TrustsProxy)
                terminal.WriteLine("Browsers on other machines allow the camera only over HTTPS: --certificate.");
            await service.WaitForShutdownAsync(cancellation);
            return ExitCode.Ok;
        });
        return command;
    }
}
