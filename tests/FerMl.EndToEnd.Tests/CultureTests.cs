using FerMl.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FerMl.EndToEnd.Tests;

/// <summary>
/// Texts from FerMl's libraries don't depend on the current culture: files are read on other machines, and messages shouldn't mix
/// languages.
/// </summary>
public class CultureTests
{
    [Test]
    public void NumbersInTexts_AreWrittenInvariantly()
    {
        // The command uses the invariant culture everywhere (InvariantGlobalization).
        var files = Directory.EnumerateFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split('/', '\\').Any(part => part is "bin" or "obj" or "FerMl.Cli"));
        var usings = CSharpSyntaxTree.ParseText(
            "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
                + "global using System.Threading; global using System.Threading.Tasks;");
        var trees = files.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: path)).Append(usings).ToArray();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("FerMl", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("all", trees, references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var wrong = trees.SelectMany(tree => Wrong(tree, compilation.GetSemanticModel(tree))).ToArray();
        Assert.That(wrong, Is.Empty);
    }

    private static IEnumerable<string> Wrong(SyntaxTree tree, SemanticModel model)
    {
        foreach (var text in tree.GetRoot().DescendantNodes().OfType<InterpolatedStringExpressionSyntax>())
        {
            SyntaxNode whole = text;
            while (whole.Parent is BinaryExpressionSyntax or ParenthesizedExpressionSyntax)
                whole = whole.Parent;
            if (model.GetTypeInfo(whole).ConvertedType is not { SpecialType: SpecialType.System_String or SpecialType.System_Object })
                continue;
            foreach (var hole in text.Contents.OfType<InterpolationSyntax>())
                if (DependsOnCulture(model.GetTypeInfo(hole.Expression).Type, hole.FormatClause?.FormatStringToken.ValueText))
                {
                    var line = hole.GetLocation().GetLineSpan();
                    yield return $"{line.Path}:{line.StartLinePosition.Line + 1} {hole}";
                }
        }
    }

    private static bool DependsOnCulture(ITypeSymbol? type, string? format)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            type = nullable.TypeArguments[0];
        return type?.SpecialType switch
        {
            SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal or SpecialType.System_DateTime => true,
            SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_UInt32 or SpecialType.System_UInt64
                or SpecialType.System_Byte => format is not (null or ['D' or 'X' or 'x', ..]),
            _ => type is { Name: "DateTimeOffset" or "Half" },
        };
    }
}
