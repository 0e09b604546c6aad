using System.Globalization;
using Ambient.Hbone.Http2.Hpack;

namespace Ambient.Hbone.Connect;

/// <summary>An answer as a header list: <c>:status</c> and perhaps <c>baggage</c>.</summary>
internal static class ReplyHeaders
{
    public const int MaxBaggage = 4096;
    public const int MaxLength = MaxBaggage + 64;

    /// <summary>Null when malformed.</summary>
    public static ConnectReply? Read(HeaderList list)
    {
        int status = 0;
        string? baggage = null;
        bool regular = false;
        foreach (HpackField field in list.Fields)
        {
            if (field.Name.StartsWith(':'))
            {
                if (regular || status != 0 || field.Name != ":status" || !TryStatus(field.Value, out status))
                {
                    return null;
                }

                continue;
            }

            regular = true;
            if (!HeaderSyntax.IsName(field.Name) || !HeaderSyntax.IsValue(field.Value)
                || HeaderSyntax.IsConnectionSpecific(field.Name, field.Value))
            {
                return null;
            }

            if (field.Name == "baggage")
            {
                baggage = baggage is null ? field.Value : baggage + "," + field.Value;
            }
        }

        return status == 0 || list.Exceeded ? null : new ConnectReply(status, baggage);
    }

    /// <summary>Returns the bytes written, at most <see cref="MaxLength"/>. Baggage that may not or need not be sent is left out.</summary>
    public static int Write(int status, string? baggage, Span<byte> destination)
    {
        int written = status == 200
            ? HpackEncoder.WriteIndexed(destination, StaticTable.Status)
            : HpackEncoder.Write(destination, StaticTable.Status, status.ToString(CultureInfo.InvariantCulture));
        if (baggage is { Length: > 0 and <= MaxBaggage } && HeaderSyntax.IsValue(baggage))
        {
            written += HpackEncoder.Write(destination[written..], "baggage", baggage);
        }

        return written;
    }

    private static bool TryStatus(string text, out int status) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out status) && text.Length == 3 && status >= 100;
}
