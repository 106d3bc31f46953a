namespace FerMl.Cli;

/// <summary>What the command returns to the shell.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
}
