using System.Security.Cryptography;

namespace Ambient.Waypoint.Requests.Arriving;

/// <summary>Names for requests: UUIDs of version 4 (RFC 9562 §5.4) that nobody can guess. Randomness is fetched for many at once, by each thread for itself.</summary>
internal static class RequestIds
{
    private const int Size = 16, Many = 64;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    public static string New()
    {
        byte[] random = _random ??= new byte[Size * Many];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = Many;
        }

        Span<byte> id = random.AsSpan(--_left * Size, Size);
        id[6] = (byte)((id[6] & 0x0F) | 0x40);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true).ToString();
    }
}
