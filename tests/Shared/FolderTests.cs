namespace FerMl.Tests;

/// <summary>Tests that each have their own folder.</summary>
public abstract class FolderTests
{
    private TestFolder? _folder;

    private protected TestFolder Folder => _folder!;

    [SetUp]
    public void MakeFolder() => _folder = new TestFolder();

    [TearDown]
    public void DeleteFolder() => _folder?.Dispose();
}
