using System.Data.Common;
using System.Globalization;

namespace FerMl.Experiments;

/// <summary>Statements within one transaction.</summary>
internal sealed class StudyTransaction(DbConnection connection, bool isRetry)
{
    /// <summary>Whether this is a retry: an earlier attempt may have been committed without confirmation.</summary>
    public bool IsRetry => isRetry;

    public int Run(string sql, params (string Name, object Value)[] values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    public string? One(string sql, params (string Name, object Value)[] values)
    {
        using var command = Command(sql, values);
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;
    }

    public List<T> Many<T>(string sql, Func<DbDataReader, T> read, params (string Name, object Value)[] values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    private DbCommand Command(string sql, (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
