using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace FerMl.EndToEnd.Tests;

/// <summary>Options that let C# scripts use this process's assemblies.</summary>
internal static class Scripts
{
    public static ScriptOptions Options { get; } = ScriptOptions.Default.AddReferences(
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is var name && !name.StartsWith("testhost", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path)))
        .AddImports("System", "System.Linq", "System.Collections.Generic");
}
