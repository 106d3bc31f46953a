using System.Text;

namespace FerMl.Cli;

/// <summary>
/// Sets the console's output encoding to UTF-8 on Windows, as elsewhere. The default code page lacks box-drawing characters and most
/// file names. The console outlives the process, so the encoding is restored at the end.
/// </summary>
internal sealed class ConsoleEncoding : IDisposable
{
    private readonly Encoding? _former;

    public ConsoleEncoding()
    {
        if (!OperatingSystem.IsWindows())
            return;
        var former = Console.OutputEncoding;
        if (TrySet(Encoding.UTF8))
            _former = former;
    }

    public void Dispose()
    {
        if (_former is not null)
            TrySet(_former);
    }

    private static bool TrySet(Encoding encoding)
    {
        try
        {
            Console.OutputEncoding = encoding;
            return true;
        }
        catch (IOException)
        {
            // This console rejects it; the command works without it.
            return false;
        }
    }
}
