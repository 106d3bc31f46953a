using System.Text;

namespace FerMl.Cli;

/// <summary>
/// Makes what the command writes UTF-8 on Windows, as it is elsewhere: the code page of a console there has neither the frames of tables
/// nor most names of files. A console keeps its code page when a program has ended, so it gets its own back.
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
            // It can't be set in this console; the command works all the same.
            return false;
        }
    }
}
