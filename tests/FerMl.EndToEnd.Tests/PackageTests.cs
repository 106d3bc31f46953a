using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FerMl.Tests;

namespace FerMl.EndToEnd.Tests;

/// <summary>The packages as users install them: from a folder, in a new project.</summary>
[NonParallelizable]
public partial class PackageTests
{
    private static readonly string[] Packages = ["FerMl", "FerMl.Detection", "FerMl.Experiments", "FerMl.Reporting", "FerMl.Training",
        "FerMl.Vision"];

    private TestFolder _packed = null!;

    [OneTimeSetUp]
    public void Pack()
    {
        _packed = new TestFolder();
        var packed = Command.Shell(Repository.Root, $"FERML_NO_BUILD=1 eng/pack.sh '{_packed.Root}'");
        Assert.That(packed.ExitCode, Is.Zero, packed.Output + packed.Error);
        Assert.That(packed.Output, Does.Contain($"dotnet add package FerMl --version {Version()}\n")
            .And.Contain($"nuget add source {_packed.Root}"));
    }

    [OneTimeTearDown]
    public void Forget() => _packed.Dispose();

    [Test]
    public void Packages_InANewProject_RunTheReadmesFirstProgram()
    {
        using var folder = new TestFolder();
        var packages = _packed.Root;
        Assert.That(Directory.EnumerateFiles(packages, "*.nupkg").Select(path => VersionEnd().Replace(Path.GetFileName(path), ""))
            .Order(StringComparer.Ordinal), Is.EqualTo(Packages));
        foreach (var name in Packages)
            using (var package = System.IO.Compression.ZipFile.OpenRead(
                Directory.EnumerateFiles(packages, $"{name}.*.nupkg")
                .Single(path => VersionEnd().Replace(Path.GetFileName(path), "") == name)))
            {
                string[] files = [.. package.Entries.Select(entry => entry.FullName)];
                foreach (var file in (string[])["README.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"])
                    Assert.That(files, Does.Contain(file), name);
                using var nuspec = package.GetEntry($"{name}.nuspec")!.Open();
                Assert.That(
                    XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency")
                        .Where(dependency => Packages.Contains(dependency.Attribute("id")!.Value))
                        .Select(dependency => dependency.Attribute("version")!.Value),
                    Is.All.StartsWith("[").And.All.EndsWith("]"), $"{name}: packages that share internals require the exact version");
            }

        WriteProject(folder, Packages);
        var program = CSharp().Match(File.ReadAllText(Repository.File("README.md"))).Groups["text"].Value;
        Assert.That(program, Does.Contain("EmotionPredictor.Load(\"artifacts/runs/first/model.zip\")"));
        folder.Write("app/Program.cs", program);
        using (var model = typeof(EmotionPredictor).Assembly.GetManifestResourceStream("fer7-fast.zip")!)
        {
            Directory.CreateDirectory(folder.Path("app/artifacts/runs/first"));
            using var file = File.Create(folder.Path("app/artifacts/runs/first/model.zip"));
            model.CopyTo(file);
        }
        folder.Write("app/artifacts/runs/quickstart/face.png", FaceFiles.Png(SyntheticFaces.Create(70, seed: 5)[3].Pixels));
        var run = Command.Shell(folder.Path("app"), "dotnet run --configuration Release");
        Assert.That(run.ExitCode, Is.Zero, run.Output + run.Error);
        Assert.That(run.Output, Does.Match("sure").And.Match("(?m)^surprise "));
    }

    /// <summary>The program targets .NET 8, and runs on the installed runtime.</summary>
    [Test]
    public void Packages_ForNet8_AreTakenByItsPrograms()
    {
        using var folder = new TestFolder();
        // The checkout's build runs the analyzers. Building FerMl.Vision builds its references too.
        var packed = Command.Shell(Repository.Root, string.Join(" && ", ((string[])[
            "FerMl.Vision -p:RunAnalyzers=false", "FerMl --no-build", "FerMl.Reporting --no-build"]).Select(
            project => $"dotnet pack src/{project} --configuration Release --artifacts-path '{folder.Path("obj")}' --output "
                + $"'{folder.Path("packages")}' --nologo --verbosity quiet -p:WithNet8=true -p:Version=0.0.8-net8 -maxcpucount:1")));
        Assert.That(packed.ExitCode, Is.Zero, packed.Output + packed.Error);
        using (var package = System.IO.Compression.ZipFile.OpenRead(folder.Path("packages/FerMl.Vision.0.0.8-net8.nupkg")))
            Assert.That(package.Entries.Select(entry => entry.FullName), Does.Contain("lib/net8.0/FerMl.Vision.dll")
                .And.Contain("lib/net10.0/FerMl.Vision.dll"));
        folder.Write("app/NuGet.config", $"""
            <configuration><packageSources><add key="local" value="{folder.Path("packages")}" /></packageSources></configuration>
            """);
        folder.Write("app/app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup>
              <OutputType>Exe</OutputType><TargetFramework>net8.0</TargetFramework><RollForward>Major</RollForward>
              <ImplicitUsings>enable</ImplicitUsings><RuntimeIdentifier>linux-x64</RuntimeIdentifier><SelfContained>false</SelfContained>
              <UseAppHost>false</UseAppHost>
            </PropertyGroup><ItemGroup><PackageReference Include="FerMl.Vision" Version="0.0.8-net8" /></ItemGroup></Project>
            """);
        folder.Write("app/Program.cs", """
            using System.Text.Json;
            using FerMl;
            using FerMl.Vision;

            using var predictor = EmotionPredictor.LoadDefault("ferplus-fast");
            Console.WriteLine(JsonSerializer.Serialize(predictor.Predict(args[0])));
            Console.WriteLine(typeof(FoundFace).Assembly.GetCustomAttributes(
                typeof(System.Runtime.Versioning.TargetFrameworkAttribute), false)
                .Cast<System.Runtime.Versioning.TargetFrameworkAttribute>().Single().FrameworkName);
            """);
        var face = folder.Write("face.png", FaceFiles.Png(SyntheticFaces.Create(70, seed: 5)[3].Pixels));
        var run = Command.Shell(folder.Path("app"), $"dotnet run --configuration Release -- '{face}'");
        Assert.That(run.ExitCode, Is.Zero, run.Output + run.Error);
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.FerPlusFast);
        Assert.That(run.Output, Does.Contain($"{{\"label\":\"{predictor.Predict(face).Label}\"").And.Contain("Version=v8.0"));
        Assert.That(Directory.EnumerateFiles(folder.Path("app/bin"), "*.dbg", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void Page_OfThePackages_LinksToNothingThatIsntThere()
    {
        foreach (var path in Directory.EnumerateFiles(_packed.Root, "*.nupkg"))
            using (var package = System.IO.Compression.ZipFile.OpenRead(path))
            using (var text = new StreamReader(package.GetEntry("README.md")!.Open()))
                Assert.That(RelativeLink().Matches(text.ReadToEnd()), Is.Empty, path);
    }

    [GeneratedRegex(@"\]\((?!https?://)")]
    private static partial Regex RelativeLink();

    // NativeAOT works too, but needs a C compiler and takes a minute: docs/dotnet.md.
    [Test]
    public void Predictor_InATrimmedSingleFile_ReadsModelsAndFaces()
    {
        using var folder = new TestFolder();
        WriteProject(folder, ["FerMl"]);
        folder.Write("app/Program.cs", """
            using FerMl;

            using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
            Console.WriteLine(predictor.Predict(args[0]).Label);
            Console.WriteLine(EmotionModel.Load(args[1]).Card!.Labels.Count);
            try
            {
                FerDataset.Load(args[0], new FerLoadOptions { MaxImages = 0 });
            }
            catch (System.ComponentModel.DataAnnotations.ValidationException e)
            {
                Console.WriteLine(e.Message);
            }
            """);
        var face = folder.Write("face.png", FaceFiles.Png(SyntheticFaces.Create(70, seed: 5)[3].Pixels));
        using (var model = typeof(EmotionPredictor).Assembly.GetManifestResourceStream("fer7-fast.zip")!)
        using (var file = File.Create(folder.Path("model.zip")))
            model.CopyTo(file);
        var published = Command.Shell(folder.Path("app"),
            "dotnet publish --configuration Release --output out --runtime linux-x64 -p:PublishTrimmed=true -p:PublishSingleFile=true "
                + "--self-contained -p:SuppressTrimAnalysisWarnings=true");
        Assert.That(published.ExitCode, Is.Zero, published.Output + published.Error);
        var run = Command.Shell(folder.Path("app"), $"out/app '{face}' '{folder.Path("model.zip")}'");
        Assert.That(run.ExitCode, Is.Zero, run.Output + run.Error);
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        Assert.That(run.Output, Is.EqualTo(
            $"{predictor.Predict(face).Label}\n7\nMaxImages is 0; it must be between 1 and 900000.\n"));
    }

    [Test]
    public async Task WebService_OfTheDocs_AnswersFiftyUploadsAtOnce()
    {
        using var folder = new TestFolder();
        WriteProject(folder, ["FerMl"], "Microsoft.NET.Sdk.Web");
        folder.Write("app/Program.cs", CSharp().Match(File.ReadAllText(Repository.File("docs/dotnet.md"))).Groups["text"].Value);
        var built = Command.Shell(folder.Path("app"), "dotnet build --configuration Release --output out");
        Assert.That(built.ExitCode, Is.Zero, built.Output + built.Error);
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["out/app.dll", "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = folder.Path("app"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var address = "";
            while (address.Length == 0)
                address = Address().Match(await process.StandardOutput.ReadLineAsync() ?? throw new EndOfStreamException()).Value;
            _ = process.StandardOutput.ReadToEndAsync();
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            var faces = SyntheticFaces.Create(70, seed: 5);
            using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.FerPlusFast);
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
            {
                using var content = new ByteArrayContent(i % 10 == 9 ? [1, 2, 3] : FaceFiles.Png(faces[i].Pixels));
                using var response = await client.PostAsync(new Uri("/emotion", UriKind.Relative), content);
                return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
            }));
            foreach (var (i, (status, text)) in answers.Index())
                Assert.That((status, text), i % 10 == 9
                    ? Is.EqualTo((422, text)).And.Matches<(int, string)>(answer => answer.Item2.Contains("upload: not an image"))
                    : Is.EqualTo((200, text)).And.Matches<(int, string)>(answer => answer.Item2.Contains(
                        predictor.Predict(faces[i].Pixels, 48, 48).Label)));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9]\d*")]
    private static partial Regex Address();

    [Test]
    public void Version_OfEveryCommitAndChange_IsAnother()
    {
        using var folder = new TestFolder();
        foreach (var file in (string[])["eng/version.sh", "Directory.Build.props"])
            folder.Write(file, File.ReadAllText(Repository.File(file)));
        const string git = "git -c user.name=t -c user.email=t@t -c commit.gpgsign=false -c init.defaultBranch=main";
        Shell("chmod +x eng/version.sh");
        Shell($"{git} init -q && {git} add -A && {git} commit -qm one");
        List<string> versions = [Version()];
        folder.Write("a.txt", "1");
        versions.Add(Version());
        folder.Write("a.txt", "2");
        versions.Add(Version());
        Shell($"{git} add -A && {git} commit -qm two");
        versions.Add(Version());
        folder.Write("a.txt", "3");
        versions.Add(Version());
        Assert.That(versions, Is.Unique);
        Assert.That(versions, Is.All.Matches(@"^\d+\.\d+\.\d+-dev\.\d+\.g[0-9a-f]{8}(\.d[0-9a-f]{8})?$"));
        Shell($"{git} commit -qam three && {git} tag v{versions[0].Split('-')[0]}");
        Assert.That(Version(), Is.EqualTo(versions[0].Split('-')[0]), "a release");

        string Version() => Shell("eng/version.sh");

        string Shell(string command)
        {
            var (exitCode, output, error) = Command.Shell(folder.Root, command);
            Assert.That(exitCode, Is.Zero, output + error);
            return output.Trim();
        }
    }

    private void WriteProject(TestFolder folder, string[] names, string sdk = "Microsoft.NET.Sdk")
    {
        // Uses the packages in this machine's cache. FerMl's own packages go into a folder that is deleted after this test.
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        folder.Write("app/app.csproj", $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestorePackagesPath>{folder.Path("restored")}</RestorePackagesPath>
                <RestoreFallbackFolders>{cache}</RestoreFallbackFolders>
                <RestoreAdditionalProjectSources>{_packed.Root}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                {string.Join("\n    ", names.Select(name => $"<PackageReference Include=\"{name}\" Version=\"{Version()}\" />"))}
              </ItemGroup>
            </Project>
            """);
    }

    private static string Version() => Command.Shell(Repository.Root, "eng/version.sh").Output.Trim();

    [GeneratedRegex(@"\.(?<version>\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?)\.nupkg$")]
    private static partial Regex VersionEnd();

    [GeneratedRegex(@"(?s)```csharp\r?\n(?<text>.*?)```")]
    private static partial Regex CSharp();
}
