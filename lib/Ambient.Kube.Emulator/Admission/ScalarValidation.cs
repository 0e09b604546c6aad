using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ambient.Kube.Emulator.Schemas;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Bounds, lengths, patterns and formats of scalars.</summary>
internal static class ScalarValidation
{
    public static void Check(JsonValue value, Schema schema, string path, List<FieldError> errors)
    {
        if (value.GetValueKind() == JsonValueKind.String)
        {
            Text(value, value.GetValue<string>(), schema, path, errors);
        }
        else if (value.GetValueKind() == JsonValueKind.Number)
        {
            Number(value, schema, path, errors);
        }
    }

    private static void Text(JsonValue value, string text, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.Checks is { } c)
        {
            int length = new StringInfo(text).LengthInTextElements;
            if (length > c.MaxLength)
            {
                errors.Add(FieldError.TooLong(path, c.MaxLength.Value));
            }

            if (length < c.MinLength)
            {
                errors.Add(FieldError.Invalid(path, value.DeepClone(), $"{path} in body should be at least {c.MinLength} chars long"));
            }

            if (c.Pattern is { } pattern && !Matches(pattern, text))
            {
                errors.Add(FieldError.Invalid(path, value.DeepClone(), $"{path} in body should match '{c.PatternText}'"));
            }
        }

        if (schema.Format is { } format && !schema.IntOrString && !HasFormat(format, text))
        {
            errors.Add(FieldError.Invalid(path, value.DeepClone(), $"{path} in body must be of type {format}: {value.ToJsonString(JsonText.Plain)}"));
        }
    }

    private static void Number(JsonValue value, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.Checks is not { } c || !double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double n))
        {
            return;
        }

        if (n < c.Minimum || (c.ExclusiveMinimum && n <= c.Minimum))
        {
            errors.Add(FieldError.Invalid(path, value.DeepClone(), $"{path} in body should be greater than {(c.ExclusiveMinimum ? "" : "or equal to ")}{Show(c.Minimum!.Value)}"));
        }

        if (n > c.Maximum || (c.ExclusiveMaximum && n >= c.Maximum))
        {
            errors.Add(FieldError.Invalid(path, value.DeepClone(), $"{path} in body should be less than {(c.ExclusiveMaximum ? "" : "or equal to ")}{Show(c.Maximum!.Value)}"));
        }

        if (c.MultipleOf is { } step and > 0 && Math.Abs(Math.IEEERemainder(n, step)) > 1e-9)
        {
            errors.Add(FieldError.Invalid(path, value.DeepClone(), $"{path} in body should be a multiple of {Show(step)}"));
        }
    }

    private static string Show(double n) => n.ToString(CultureInfo.InvariantCulture);

    private static bool Matches(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static bool HasFormat(string format, string text) => format switch
    {
        "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) && text.Contains('T', StringComparison.Ordinal),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "ipv4" => IPAddress.TryParse(text, out IPAddress? a) && a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && text.Count(c => c == '.') == 3,
        "ipv6" => IPAddress.TryParse(text, out IPAddress? b) && b.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6,
        "cidr" => IPNetwork.TryParse(text, out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _) || text.StartsWith('/'),
        "byte" => Base64.IsValid(text),
        "uuid" => Guid.TryParse(text, out _),
        "hostname" => Names.Subdomain(text.ToLowerInvariant()) is null,
        "email" => text.Contains('@', StringComparison.Ordinal),
        _ => true,
    };
}
