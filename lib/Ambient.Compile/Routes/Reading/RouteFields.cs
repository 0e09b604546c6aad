using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.Reading;

/// <summary>Field types that routing resources share.</summary>
internal static class RouteFields
{
    public static TimeSpan? Duration(this JsonView view, string name) => view[name].Text() switch
    {
        null or "" => null,
        { } text => GoDuration.TryParse(text, out var duration)
            ? duration
            : throw new FieldException(view[name].Path, $"'{Shortened(text)}' is not a duration; write for example 5s or 100ms"),
    };

    public static double? Real(this JsonView view, string name) => view[name] is not { Node: { } node } field ? null
        : node.GetValueKind() == JsonValueKind.Number && double.TryParse(node.ToJsonString(), CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new FieldException(field.Path, "must be a number");

    /// <summary>0 to 100.</summary>
    public static double? Percent(this JsonView view, string name) => view.Real(name) switch
    {
        null => null,
        >= 0 and <= 100 and { } value => value,
        { } other => throw new FieldException(view[name].Path, string.Create(CultureInfo.InvariantCulture, $"{other} is not a percentage (0 to 100)")),
    };

    public static int Whole(this JsonView view, string name, int least, int most, int otherwise) => view.Number(name) switch
    {
        null => otherwise,
        { } n when n >= least && n <= most => (int)n,
        { } n => throw new FieldException(view[name].Path, $"{n} is out of range ({least} to {most})"),
    };

    /// <summary>A proto UInt32Value or int32: 0 stands for "no limit", as in Envoy's defaults.</summary>
    public static uint Limit(this JsonView view, string name, uint otherwise) => view.Number(name) switch
    {
        null => otherwise,
        0 => otherwise,
        { } n when n > 0 && n <= uint.MaxValue => (uint)n,
        { } n => throw new FieldException(view[name].Path, $"{n} is out of range"),
    };

    public static bool? Choice(this JsonView view, string name) => view[name].Exists ? view.Flag(name) : null;

    /// <summary><c>{set: {k: v}, add: {k: v}, remove: [k]}</c>.</summary>
    public static HeaderChange Headers(this JsonView view) => !view.Exists ? HeaderChange.None : new HeaderChange
    {
        Set = Values(view, "set"),
        Add = Values(view, "add"),
        Remove = [.. view.List("remove").Select(HeaderName)],
    };

    public static string HeaderName(this JsonView view) => HeaderName(view.Text() ?? "", view.Path);

    public static string HeaderName(string name, string path) => name.Length is > 0 and <= 256 && name.All(IsToken)
        ? name.ToLowerInvariant()
        : name is ":authority" ? name : throw new FieldException(path, $"'{Shortened(name)}' is not the name of a header");

    public static string HeaderText(string value, string path) => value.Length <= 16_384 && !value.Any(static c => c is < ' ' and not '\t' or '\u007f')
        ? value
        : throw new FieldException(path, "has a character that no header may have, or more than 16384 characters");

    public static string Shortened(string value) => value.Length <= 64 ? value : value[..64] + "…";

    private static ImmutableArray<HeaderValue> Values(JsonView view, string name) =>
    [
        .. view.Map(name).OrderBy(static h => h.Key, StringComparer.Ordinal)
            .Select(h => new HeaderValue(HeaderName(h.Key, $"{view[name].Path}.{h.Key}"), HeaderText(h.Value, $"{view[name].Path}.{h.Key}"))),
    ];

    private static bool IsToken(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);
}
