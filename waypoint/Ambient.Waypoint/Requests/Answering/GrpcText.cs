using System.Globalization;
using System.Text;

namespace Ambient.Waypoint.Requests.Answering;

/// <summary>What gRPC writes in headers.</summary>
internal static class GrpcText
{
    private static readonly string[] s_statuses = [.. Enumerable.Range(0, 17).Select(static i => i.ToString(CultureInfo.InvariantCulture))];

    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == 16 || contentType[16] is '+' or ';');

    public static string Status(int status) => (uint)status < (uint)s_statuses.Length ? s_statuses[status] : status.ToString(CultureInfo.InvariantCulture);

    public static int? Parse(string? status) =>
        int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) ? parsed : null;

    /// <summary><c>grpc-message</c>: percent-encoded but for printable ASCII (gRPC over HTTP/2, "Responses").</summary>
    public static string Message(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder made = new(text.Length + 8);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                made.Append((char)b);
            }
            else
            {
                made.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return made.ToString();
    }
}
