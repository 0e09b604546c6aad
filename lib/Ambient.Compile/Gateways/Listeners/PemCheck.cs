using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Compile.Gateways.Listeners;

/// <summary>Whether text is what a TLS server can use. Says nothing of what a key is.</summary>
internal static class PemCheck
{
    /// <summary>Null for a chain and the key of its first certificate.</summary>
    public static string? PairProblem(string chain, string key)
    {
        if (chain.Length == 0 || key.Length == 0)
        {
            return $"has no {(chain.Length == 0 ? "tls.crt" : "tls.key")}";
        }

        try
        {
            using var pair = X509Certificate2.CreateFromPem(chain, key);
            return null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return Certificates(chain) == 0 ? "has no certificate in tls.crt that can be read" : "has a tls.key that cannot be read or is not its certificate's";
        }
    }

    /// <summary>Null for one or more certificates.</summary>
    public static string? AuthoritiesProblem(string pem) => pem.Length == 0 ? "has no ca.crt" : Certificates(pem) == 0 ? "has no certificate in ca.crt that can be read" : null;

    private static int Certificates(string pem)
    {
        X509Certificate2Collection found = [];
        try
        {
            found.ImportFromPem(pem);
            return found.Count;
        }
        catch (CryptographicException)
        {
            return 0;
        }
        finally
        {
            foreach (var certificate in found)
            {
                certificate.Dispose();
            }
        }
    }
}
