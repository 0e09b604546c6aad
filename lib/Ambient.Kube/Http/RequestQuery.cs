using System.Globalization;
using System.Text;

namespace Ambient.Kube.Http;

/// <summary>Options as a query string, with its question mark, or empty.</summary>
internal static class RequestQuery
{
    public static string Of(ListOptions options) => Join(
        ("labelSelector", options.LabelSelector),
        ("fieldSelector", options.FieldSelector),
        ("limit", options.Limit?.ToString(CultureInfo.InvariantCulture)),
        ("continue", options.Continue),
        ("resourceVersion", options.ResourceVersion));

    public static string Of(WatchOptions options) => Join(
        ("watch", "true"),
        ("labelSelector", options.LabelSelector),
        ("fieldSelector", options.FieldSelector),
        ("resourceVersion", options.ResourceVersion),
        ("allowWatchBookmarks", options.AllowBookmarks ? "true" : null),
        ("timeoutSeconds", options.Timeout is { } t ? ((long)t.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null));

    public static string Of(Patch patch) => Join(
        ("fieldManager", patch.FieldManager),
        ("force", patch is { Kind: PatchKind.Apply, Force: true } ? "true" : null));

    public static string FieldManager(string? name) => Join(("fieldManager", name));

    private static string Join(params ReadOnlySpan<(string Name, string? Value)> pairs)
    {
        var text = new StringBuilder();
        foreach ((string name, string? value) in pairs)
        {
            if (value is not null)
            {
                text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return text.ToString();
    }
}
