using System.Diagnostics;

namespace FerMl.Experiments.Tests;

/// <summary>A PostgreSQL server for the tests: on loopback, in a temporary folder that is deleted afterwards.</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ferml-postgres-").FullName;
    private readonly string _programs;

    private PostgresServer(string programs) => _programs = programs;

    private int _port;

    /// <summary>Stops the server, as an update does: connections are ended with 57P01.</summary>
    public void Stop() => Check("pg_ctl", ["stop", "-D", DataFolder, "-m", "fast", "-w"]);

    /// <summary>Restarts the server with the same data and port.</summary>
    public void StartAgain() => Check("pg_ctl", ["start", "-D", DataFolder, "-w", "-l", Path.Combine(_folder, "log"), "-o",
        $"-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -p {_port}"]);

    /// <summary>A connection string.</summary>
    public string Connection { get; private set; } = "";

    /// <summary>Starts a server; skips the test if PostgreSQL is missing.</summary>
    public static PostgresServer Start()
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Order().LastOrDefault()
            : null;
        if (programs is null)
            Assert.Ignore("needs PostgreSQL's server (package postgresql); eng/setup.sh --for-tests installs it");
        var server = new PostgresServer(programs!);
        try
        {
            server.Begin();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Run("pg_ctl", ["stop", "-D", DataFolder, "-m", "immediate", "-w"]);
        Directory.Delete(_folder, recursive: true);
    }

    private string DataFolder => Path.Combine(_folder, "data");

    private void Begin()
    {
        // PostgreSQL refuses to run as root; its package creates a user for it.
        if (Environment.IsPrivilegedProcess)
            using (var chown = Process.Start("chown", ["postgres", _folder]))
                chown.WaitForExit();
        Check("initdb", ["-D", DataFolder, "-U", "ferml", "--auth=trust", "--encoding=UTF8", "--no-sync"]);
        using (var free = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0))
        {
            free.Start();
            _port = ((System.Net.IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            StartAgain();
            Connection = $"Host=127.0.0.1;Port={_port};Username=ferml;Database=postgres";
        }
    }

    private void Check(string program, string[] arguments)
    {
        var (exitCode, output) = Run(program, arguments);
        Assert.That(exitCode, Is.Zero, $"{program}: {output}");
    }

    private (int ExitCode, string Output) Run(string program, string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        var start = Environment.IsPrivilegedProcess ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) =
            (program != "pg_ctl", program != "pg_ctl", "/");
        using var process = Process.Start(start)!;
        // pg_ctl's output isn't read: the server that it starts keeps the pipe open.
        var output = program == "pg_ctl" ? "" : process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
