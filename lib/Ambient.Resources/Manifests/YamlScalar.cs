using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ambient.Resources.Manifests;

/// <summary>What a scalar is, by the rules that kubectl reads with: quoted is text, plain may be null, a truth value or a number.</summary>
internal static class YamlScalar
{
    public static JsonNode? Read(Scalar scalar)
    {
        string text = scalar.Value;
        bool tagged = scalar.Tag is { IsEmpty: false, IsNonSpecific: false, Value: "tag:yaml.org,2002:str" };
        if (scalar.Style != ScalarStyle.Plain || tagged)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => (JsonNode)JsonValue.Create(true),
            "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Create(false),
            _ => Number(text) ?? JsonValue.Create(text),
        };
    }

    private static JsonValue? Number(string text)
    {
        if (!(char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.'))
        {
            return null;
        }

        string digits = text.TrimStart('-', '+').Replace("_", "", StringComparison.Ordinal);
        if (text.Length - text.TrimStart('-', '+').Length > 1 || digits.Length == 0)
        {
            return null;
        }

        bool negative = text[0] == '-';
        if (Radix(digits) is { } radix)
        {
            return JsonValue.Create(negative ? -radix : radix);
        }

        string plain = negative ? "-" + digits : digits;
        return long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? JsonValue.Create(whole)
            : char.IsAsciiDigit(digits[^1]) && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real)
                ? JsonValue.Create(real)
            : null;
    }

    /// <summary><c>0x1f</c>, <c>0o17</c>, <c>0b1</c>, and <c>017</c>, which is octal in YAML 1.1: file modes are written so.</summary>
    private static long? Radix(string digits)
    {
        if (digits.Length < 2 || digits[0] != '0')
        {
            return null;
        }

        return digits[1] switch
        {
            'x' => long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex) ? hex : null,
            'b' => long.TryParse(digits.AsSpan(2), NumberStyles.AllowBinarySpecifier, CultureInfo.InvariantCulture, out long binary) ? binary : null,
            'o' => Octal(digits.AsSpan(2)),
            _ => Octal(digits.AsSpan(1)),
        };
    }

    private static long? Octal(ReadOnlySpan<char> digits)
    {
        if (digits.Length is 0 or > 20 || digits.IndexOfAnyExceptInRange('0', '7') >= 0)
        {
            return null;
        }

        long value = 0;
        foreach (char digit in digits)
        {
            value = (value * 8) + (digit - '0');
        }

        return value;
    }
}
