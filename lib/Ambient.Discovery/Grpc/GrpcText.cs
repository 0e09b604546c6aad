using System.Globalization;
using System.Text;

namespace Ambient.Discovery.Grpc;

/// <summary>The trailer grpc-message: UTF-8, percent-encoded outside printable ASCII (gRPC over HTTP/2, Status-Message).</summary>
internal static class GrpcText
{
    private const int MaxLength = 4096;

    public static string Encode(string message)
    {
        string bounded = message.Length > MaxLength ? message[..MaxLength] : message;
        var text = new StringBuilder(bounded.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(bounded))
        {
            if (b is >= 0x20 and <= 0x7e and not (byte)'%')
            {
                text.Append((char)b);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }

        return text.ToString();
    }

    public static string Decode(string text) => Uri.UnescapeDataString(text.Length > 4 * MaxLength ? text[..(4 * MaxLength)] : text);
}
