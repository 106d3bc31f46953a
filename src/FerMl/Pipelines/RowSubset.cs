using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl;

/// <summary>A view of the rows whose flag has the wanted value, in order, without a copy.</summary>
internal sealed class RowSubset(IDataView input, bool[] flags, bool keep) : IDataView
{
    private readonly long _count = flags.LongCount(flag => flag == keep);

    public bool CanShuffle => false;
    public DataViewSchema Schema => input.Schema;
    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(input.GetRowCursor(columnsNeeded), flags, keep);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor inner, bool[] flags, bool keep) : DataViewRowCursor
    {
        private long _row = -1;
        private long _position = -1;

        public override long Position => _position;
        public override long Batch => 0;
        public override DataViewSchema Schema => inner.Schema;

        public override bool MoveNext()
        {
            while (inner.MoveNext())
            {
                if (++_row >= flags.Length)
                    throw new InvalidOperationException(
                        $"The data now has more than the {flags.Length.Counted("row")} it was split with; split it again.");
                if (flags[_row] != keep)
                    continue;
                _position++;
                return true;
            }
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);
        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => inner.GetGetter<TValue>(column);
        public override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
