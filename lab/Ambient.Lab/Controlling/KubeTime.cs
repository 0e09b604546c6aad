using System.Globalization;

namespace Ambient.Lab.Controlling;

/// <summary>Times as Kubernetes writes them: RFC 3339, UTC, whole seconds.</summary>
internal static class KubeTime
{
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
