using System.Text.Json;
using Ambient.Identity.Renewal;

namespace Ambient.Proxy.Admin;

/// <summary>The state of a process's certificates for <c>/config_dump</c>; never a key.</summary>
internal static class CertificateDump
{
    internal static void Write(Utf8JsonWriter json, IEnumerable<SvidStatus> certificates)
    {
        json.WriteStartArray("certificates");
        foreach (SvidStatus s in certificates)
        {
            json.WriteStartObject();
            json.WriteString("identity", s.Id.ToString());
            json.WriteString("state", s.State.ToString());
            json.WriteString("serialNumber", s.SerialNumber);
            Time(json, "validFrom", s.NotBefore);
            Time(json, "expirationTime", s.NotAfter);
            Time(json, "nextAttempt", s.NextAttempt);
            json.WriteString("lastError", s.LastError);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } t)
        {
            json.WriteString(name, t);
        }
    }
}
