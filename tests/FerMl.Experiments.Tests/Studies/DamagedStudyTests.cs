using System.Text;
using FerMl.Tests;
using Microsoft.Data.Sqlite;

namespace FerMl.Experiments.Tests;

/// <summary>An edited or damaged study database causes one typed error that names the file.</summary>
public class DamagedStudyTests : FolderTests
{
    [TestCase("ferml_study", "definition", "{}")]
    [TestCase("ferml_study", "definition", "null")]
    [TestCase("ferml_study", "definition", "no JSON")]
    [TestCase("ferml_study", "definition", "{\"name\":\"study\",\"space\":null}")]
    [TestCase("ferml_study", "definition", "{\"name\":\"study\",\"space\":{\"parameters\":[null]}}")]
    [TestCase("ferml_study", "definition",
        "{\"name\":\"study\",\"space\":{\"parameters\":[{\"name\":\"x\",\"min\":0,\"max\":1}]},\"epochs\":-1}")]
    [TestCase("ferml_trial", "configuration", "[]")]
    [TestCase("ferml_trial", "configuration", "{}")]
    [TestCase("ferml_trial", "configuration", "{\"x\":null}")]
    [TestCase("ferml_trial", "configuration", "{\"x\":\"7\"}")]
    [TestCase("ferml_trial", "state", "Lost")]
    [TestCase("ferml_trial", "state", "99")]
    [TestCase("ferml_trial", "scores", "null")]
    [TestCase("ferml_trial", "scores", "[{\"epochs\":1,\"score\":null}]")]
    [TestCase("ferml_trial", "number", "7")]
    [TestCase("ferml_trial", "number", "-1")]
    public void Read_OfAChangedCell_IsATypedError(string table, string column, string value)
    {
        var path = Begin();
        Change(path, $"UPDATE {table} SET {column} = @value", value);
        var store = StudyStore.Open(path);
        foreach (var read in (Action[])[() => store.Trials("study"), () => store.List(), () => store.Claim("study", "w",
            TimeSpan.FromMinutes(1)), () => store.IsDone("study")])
            Assert.That(read, Throws.TypeOf<ExperimentException>().With.Message.Contains(path).And.Message.Contains("is damaged there"));
    }

    [Test]
    public void Read_OfChangedBytes_IsATypedErrorOrAnAnswer()
    {
        var path = Begin();
        var whole = File.ReadAllBytes(path);
        var random = new Random(6);
        for (var i = 0; i < 300; i++)
        {
            var changed = i % 5 == 0 ? whole[..random.Next(whole.Length)] : whole.ToArray();
            for (var k = 0; k < 20 && changed.Length > 0; k++)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, changed);
            try
            {
                StudyStore.Open(path).List();
            }
            catch (ExperimentException e)
            {
                Assert.That(e.Message, Does.Contain(path).Or.Contain("There is no study"));
            }
        }
    }

    [Test]
    public void Open_OfSomethingElse_NamesTheFile()
    {
        var path = Folder.Write("study.db", Encoding.UTF8.GetBytes(new string('x', 5000)));
        Assert.That(() => StudyStore.Open(path), Throws.TypeOf<ExperimentException>().With.Message.StartsWith($"{path}: the study's "
            + $"database"));
    }

    private string Begin()
    {
        var path = Folder.Path("study.db");
        var store = StudyStore.Open(path);
        store.Begin(new StudyDefinition { Name = "study", Space = new SearchSpace().AddRange("x", 0, 1), MaxTrials = 3 });
        var claim = store.Claim("study", "w", TimeSpan.FromMinutes(1))!;
        store.Report("study", claim, 0.5);
        return path;
    }

    private static void Change(string path, string sql, string value)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@value", value);
        command.ExecuteNonQuery();
    }
}
