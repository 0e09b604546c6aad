using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Ambient.Proxy.Names;

/// <summary>What a resolv.conf says (resolv.conf(5)); a hostile one is cut to the limits of glibc.</summary>
internal sealed record ResolvConf(ImmutableArray<IPAddress> Nameservers, ImmutableArray<string> Search, int Ndots)
{
    private const int MaxNameservers = 3, MaxSearch = 32, MaxNdots = 15;

    internal static ResolvConf Parse(string text)
    {
        List<IPAddress> nameservers = [];
        string[] search = [];
        int ndots = 1;
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var address, ..] when IPAddress.TryParse(address, out IPAddress? parsed):
                    nameservers.Add(parsed);
                    break;
                case ["search" or "domain", .. var domains]:
                    search = domains;
                    break;
                case ["options", .. var options]:
                    ndots = Ndotted(options) ?? ndots;
                    break;
                default:
                    break;
            }
        }

        return new ResolvConf(
            [.. nameservers.Take(MaxNameservers)],
            [.. search.Take(MaxSearch).Select(d => d.Trim('.').ToLowerInvariant()).Where(d => d.Length is > 0 and <= 253)],
            ndots);
    }

    private static int? Ndotted(string[] options)
    {
        foreach (string option in options)
        {
            if (option.StartsWith("ndots:", StringComparison.Ordinal)
                && int.TryParse(option.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            {
                return Math.Min(value, MaxNdots);
            }
        }

        return null;
    }
}
